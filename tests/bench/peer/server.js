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
		connection: { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' },
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
		tier: text, list: text, engagement: number, potential: number, day: text, review: number, policy: number,
	}),
	created_at: text, updated_at: text,
});

const parts = (value, whole) => (value === null ? null : value / whole);

// A row as an array, for two columns of a name come twice; `at` is where is_account stands.
function toAccount(row, id, at, [day, policy, review]) {
	return {
		id, name: row[at + 1], seller: row[at + 2] ?? row[at + 37], industry: row[at + 3], region: row[at + 4], country: row[at + 5],
		employees: row[at + 6], company_revenue: parts(row[at + 7], 100), annual_potential: parts(row[at + 8], 100),
		annual_potential_on: row[at + 9], margin_pct: parts(row[at + 10], 100), client_since: row[at + 11], status: row[at + 12],
		protected: row[at + 13], expected_annual: parts(row[at + 14], 100), access: row[at + 15], revisit_on: row[at + 17],
		domain: row[at + 18], attributes: row[at + 19], stub: row[at + 24],
		measures: {
			revenue_12m: parts(row[at + 39], 100), revenue_prior_12m: parts(row[at + 40], 100), margin_12m: parts(row[at + 43], 100),
			hours_12m: parts(row[at + 44], 60), reach: row[at + 47], inbound: row[at + 48], directed: row[at + 49],
			rhythm: row[at + 45], orders: row[at + 46], lines_12m: row[at + 50],
		},
		classification: {
			tier: row[at + 30], list: row[at + 31], engagement: parts(row[at + 32], 100), potential: parts(row[at + 33], 100), day, policy, review,
		},
		created_at: row[at + 27].toISOString(), updated_at: row[at + 28].toISOString(),
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

	app.get('/v1/accounts/:id', { schema: { response: { 200: account } } }, async (request, reply) => {
		const rows = await sql.unsafe(readOne, [[workspace], [request.params.id]], prepared).values();
		return rows.length ? toAccount(rows[0], request.params.id, 2, rows[0].slice(53, 56)) : reply.code(404).send();
	});
	const pageSchema = { response: { 200: object({ data: { type: 'array', items: account } }) } };
	app.get('/v1/accounts', { schema: pageSchema }, async (request) => {
		const { tier, limit, sort } = request.query;
		const rows = sort === '-potential'
			? await sql.unsafe(readPage, [workspace, true, limit, tier, farthest, '', null, null, null, null], prepared).values()
			: await sql.unsafe(readById, [workspace, true, limit, '', tier, null, null, null, null], prepared).values();
		return { data: rows.map((row) => toAccount(row, row[4], 8, row.slice(5, 8))) };
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
