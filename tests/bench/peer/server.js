// SPDX-License-Identifier: Apache-2.0
// The peer: Fastify and postgres.js answer the same three calls with the same SQL, one process a core. Says where it listens, and
// ends with SIGTERM or when its standard input ends. It asks for no key, checks nothing and scores nothing, all to its advantage.

import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import postgres from 'postgres';

const workers = Number(process.env.BENCH_WORKERS ?? 2);
const workspace = process.env.BENCH_WORKSPACE;
const statement = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

function connect() {
	const url = new URL(process.env.DATABASE_URL);
	return postgres({
		host: url.searchParams.get('host') ?? url.hostname,
		user: url.searchParams.get('user') ?? url.username,
		database: url.pathname.slice(1),
		max: 16,
		connection: { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', enable_bitmapscan: 'off', jit: 'off' },
		types: {
			bigint: { to: 20, from: [20], serialize: String, parse: Number },
			date: { to: 1082, from: [1082], serialize: String, parse: (text) => text },
		},
	});
}

const text = { type: ['string', 'null'] };
const number = { type: ['number', 'null'] };
const truth = { type: ['boolean', 'null'] };
const open = { type: ['object', 'null'], additionalProperties: true };
const object = (properties) => ({ type: 'object', properties });
const account = object({
	id: text, name: text, seller: text, industry: text, region: text, country: text, employees: number, company_revenue: number,
	annual_potential: number, annual_potential_on: text, margin_pct: number, client_since: text, status: text, protected: open,
	expected_annual: number, access: truth, revisit_on: text, domain: text, attributes: open, stub: truth,
	measures: object({
		revenue_12m: number, revenue_prior_12m: number, margin_12m: number, hours_12m: number, reach: number, inbound: number,
		directed: number, rhythm: number, orders: number, lines_12m: number,
	}),
	classification: object({
		tier: text, list: text, could_become_key: truth, engagement: number, potential: number, day: text, review: number, policy: number,
	}),
	created_at: text, updated_at: text,
});

const parts = (value, whole) => (value === null ? null : value / whole);

// A row as an array, for two columns of a name come twice; `at` is where is_account stands, `standing` its margin_pct, behind both instants.
function toAccount(row, id, { at, stub, standing: s }, [day, policy, review]) {
	return {
		id, name: row[at + 1], seller: row[at + 2] ?? row[s + 18], industry: row[at + 3], region: row[at + 4], country: row[at + 5],
		employees: row[at + 6], company_revenue: parts(row[at + 7], 100), annual_potential: parts(row[at + 8], 100),
		annual_potential_on: row[at + 9], margin_pct: parts(row[at + 10], 100), client_since: row[at + 11], status: row[at + 12],
		protected: row[at + 13], expected_annual: parts(row[at + 14], 100), access: row[at + 15], revisit_on: row[at + 17],
		domain: row[at + 18], attributes: row[at + 19], stub: row[stub],
		measures: {
			revenue_12m: parts(row[s + 20], 100), revenue_prior_12m: parts(row[s + 21], 100), margin_12m: parts(row[s + 24], 100),
			hours_12m: parts(row[s + 25], 60), reach: row[s + 28], inbound: row[s + 29], directed: row[s + 30],
			rhythm: row[s + 26], orders: row[s + 27], lines_12m: row[s + 31],
		},
		classification: {
			tier: row[s + 1], list: row[s + 2], could_become_key: row[s + 8], engagement: parts(row[s + 3], 100),
			potential: parts(row[s + 4], 100), day, policy, review,
		},
		created_at: row[s - 2].toISOString(), updated_at: row[s - 1].toISOString(),
	};
}

async function serve() {
	const sql = connect();
	const app = fastify();
	const readOne = statement('../../../service/store/sql/read_organisation.sql');
	const readPage = statement('../../../service/store/sql/list_organisations_of_tier.sql');
	const readById = statement('../../../service/store/sql/list_organisations_by_id.sql');
	const upsert = statement('../sql/upsert_account.sql');
	const prepared = { prepare: true };
	const farthest = '9223372036854775807';
	const read = { at: 2, stub: 26, standing: 31 };
	const listed = { at: 8, stub: 28, standing: 31 };

	app.get('/v1/accounts/:id', { schema: { response: { 200: account } } }, async (request, reply) => {
		const rows = await sql.unsafe(readOne, [[workspace], [request.params.id]], prepared).values();
		return rows.length ? toAccount(rows[0], request.params.id, read, rows[0].slice(75, 78)) : reply.code(404).send();
	});
	const pageSchema = { response: { 200: object({ data: { type: 'array', items: account } }) } };
	app.get('/v1/accounts', { schema: pageSchema }, async (request) => {
		const { tier, limit, sort } = request.query;
		const rows = sort === '-potential'
			? await sql.unsafe(readPage, [workspace, true, limit, tier, farthest, '', null, null, null, null], prepared).values()
			: await sql.unsafe(readById, [workspace, true, limit, '', tier, null, null, null, null, null], prepared).values();
		return { data: rows.map((row) => toAccount(row, row[4], listed, row.slice(5, 8))) };
	});
	app.put('/v1/accounts/:id', async (request) => {
		const { name, industry, region, employees, client_since: since } = request.body;
		await sql.unsafe(upsert, [workspace, request.params.id, name, industry, region, employees, since], prepared);
		return { id: request.params.id, ...request.body };
	});
	await app.listen({ host: '127.0.0.1', port: 0 });
	process.on('disconnect', () => process.exit(0));
}

function lead() {
	let listening = 0;
	const end = () => process.exit(0);
	cluster.on('listening', (worker, address) => {
		listening += 1;
		if (listening === workers)
			console.log(`listening on http://127.0.0.1:${address.port}`);
	});
	cluster.on('exit', () => process.exit(1));
	process.on('SIGTERM', end);
	process.stdin.on('end', end).resume();
	for (let i = 0; i < workers; i++)
		cluster.fork();
}

if (cluster.isPrimary)
	lead();
else
	await serve();
