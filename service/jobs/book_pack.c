/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as numbers of 7 bits a byte, differences where one measure is near another. What the rows mean is not known here. */
#include "book_pack.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)256 * 1024)
#define NUMBER_BYTES 10
/* More than the longest row: three bytes of flags, thirty numbers, an id with its length, a letter for each criterion. */
#define LETTERS_MOST 1024
#define ROW_BYTES (3 + 30 * NUMBER_BYTES + 1 + 128 + LETTERS_MOST)

struct pack_block {
	struct pack_block *next;
	size_t length;
	unsigned char bytes[BLOCK_BYTES];
};

enum flag {
	FLAG_ACCOUNT = 1, FLAG_ACTIVE = 2, FLAG_CLASSIFIED = 4, FLAG_POTENTIAL = 8, FLAG_DERIVED = 16, FLAG_OTHER_MARGIN = 32,
	FLAG_PROSPECT = 64,
};

static void block_free(struct book_pack *pack)
{
	struct pack_block *first = pack->first;

	pack->first = first->next;
	if (pack->first == NULL)
		pack->last = NULL;
	pack->bytes -= sizeof(*first);
	free(first);
}

void book_pack_release(struct book_pack *pack)
{
	while (pack->first != NULL)
		block_free(pack);
	pack->rows = 0;
}

static bool block_add(struct book_pack *pack)
{
	struct pack_block *block = malloc(sizeof(*block));

	if (block == NULL)
		return false;
	block->next = NULL;
	block->length = 0;
	if (pack->last != NULL)
		pack->last->next = block;
	else
		pack->first = block;
	pack->last = block;
	pack->bytes += sizeof(*block);
	return true;
}

/* ---- Numbers ---- */

static unsigned char *put(unsigned char *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (unsigned char)(value | 0x80);
	*at++ = (unsigned char)value;
	return at;
}

static const unsigned char *take(const unsigned char *at, uint64_t *value)
{
	unsigned shift = 0;

	for (*value = 0; *at >= 0x80; shift += 7)
		*value |= (uint64_t)(*at++ & 0x7f) << shift;
	*value |= (uint64_t)*at++ << shift;
	return at;
}

/** Small in either direction is short. Unsigned throughout: differences may wrap, and come back the same way. */
static unsigned char *put_signed(unsigned char *at, uint64_t value)
{
	return put(at, value << 1 ^ (value >> 63 != 0 ? UINT64_MAX : 0));
}

static const unsigned char *take_signed(const unsigned char *at, uint64_t *value)
{
	at = take(at, value);
	*value = *value >> 1 ^ ((*value & 1) != 0 ? UINT64_MAX : 0);
	return at;
}

/* ---- Measures ---- */

/** The two halves of 12 months come to nearly all of them, and margins often to the revenue itself. */
static unsigned char *put_measures(unsigned char *at, const struct measures *m)
{
	uint64_t revenue = (uint64_t)m->revenue_12m, half = revenue - (uint64_t)m->revenue_182;

	at = put_signed(at, revenue);
	at = put_signed(at, (uint64_t)m->revenue_prior_12m);
	at = put_signed(at, half);
	at = put_signed(at, half - (uint64_t)m->revenue_prior_182);
	at = put_signed(at, revenue - (uint64_t)m->margin_12m);
	at = put_signed(at, (uint64_t)m->minutes_12m);
	at = put_signed(at, (uint64_t)m->rhythm);
	at = put_signed(at, (uint64_t)m->orders);
	at = put_signed(at, (uint64_t)(int64_t)m->reach);
	at = put_signed(at, (uint64_t)(int64_t)m->inbound);
	at = put_signed(at, (uint64_t)(int64_t)m->directed);
	return put_signed(at, (uint64_t)(int64_t)m->lines_12m);
}

static const unsigned char *take_measures(const unsigned char *at, struct measures *m)
{
	uint64_t value[12];

	for (size_t i = 0; i < 12; i++)
		at = take_signed(at, &value[i]);
	*m = (struct measures){
		.revenue_12m = (int64_t)value[0],
		.revenue_prior_12m = (int64_t)value[1],
		.revenue_182 = (int64_t)(value[0] - value[2]),
		.revenue_prior_182 = (int64_t)(value[2] - value[3]),
		.margin_12m = (int64_t)(value[0] - value[4]),
		.minutes_12m = (int64_t)value[5],
		.rhythm = (int64_t)value[6],
		.orders = (int64_t)value[7],
		.reach = (int32_t)value[8],
		.inbound = (int32_t)value[9],
		.directed = (int32_t)value[10],
		.lines_12m = (int32_t)value[11],
	};
	return at;
}

/* ---- Rows ---- */

/** Sides and band in one byte, tier and list in another. */
static unsigned char *put_small(unsigned char *at, const struct features *features, const struct before *before)
{
	*at++ = (unsigned char)(before->engagement_side | before->potential_side << 2 | features->employee_band << 4);
	*at++ = (unsigned char)(before->tier | before->list << 3);
	return at;
}

static const unsigned char *take_small(const unsigned char *at, struct features *features, struct before *before)
{
	before->engagement_side = at[0] & 3;
	before->potential_side = at[0] >> 2 & 3;
	features->employee_band = at[0] >> 4 & 7u;
	before->tier = at[1] & 7;
	before->list = at[1] >> 3;
	return at + 2;
}

/** Instants and amounts that are missing are -1; a day that is missing is DAY_NONE, the least there is. */
static unsigned char *put_prospect(unsigned char *at, const struct prospect_row *prospect)
{
	const struct qualified *q = &prospect->qualified;

	*at++ = (unsigned char)((unsigned)q->verdict | (unsigned)q->size_source << 3 | (unsigned)q->access << 5);
	at = put_signed(at, (uint64_t)q->expected_annual);
	at = put_signed(at, (uint64_t)(int64_t)q->fit_passed_centi);
	at = put_signed(at, (uint64_t)(int64_t)q->fit_possible_centi);
	at = put_signed(at, (uint64_t)q->open_amount);
	at = put_signed(at, (uint64_t)q->largest_open);
	at = put_signed(at, (uint64_t)prospect->terms.expected_annual);
	at = put_signed(at, (uint64_t)(int64_t)prospect->terms.revisit_on);
	at = put(at, q->findings.length);
	if (q->findings.length > 0)
		memcpy(at, q->findings.bytes, q->findings.length);
	return at + q->findings.length;
}

static const unsigned char *take_prospect(const unsigned char *at, struct prospect_row *out)
{
	unsigned small = *at++;
	uint64_t value[7], letters;

	for (size_t i = 0; i < 7; i++)
		at = take_signed(at, &value[i]);
	at = take(at, &letters);
	*out = (struct prospect_row){
		.qualified = {
			.verdict = (enum verdict)(small & 7),
			.size_source = (enum size_source)(small >> 3 & 3),
			.access = (enum access)(small >> 5),
			.expected_annual = (int64_t)value[0],
			.fit_passed_centi = (int32_t)value[1],
			.fit_possible_centi = (int32_t)value[2],
			.open_amount = (int64_t)value[3],
			.largest_open = (int64_t)value[4],
			.findings = {letters > 0 ? (const char *)at : NULL, (size_t)letters},
		},
		.terms = {(int64_t)value[5], (int32_t)value[6]},
	};
	return at + letters;
}

/** other: the margin to be summed up anew; NULL: none. */
static unsigned char *put_row(unsigned char *at, const struct book_rows *rows, size_t i, const struct other_margin *other)
{
	const struct features *features = &rows->features[i];
	const struct before *before = &rows->before[i];
	const struct text id = book_rows_id(rows, i);

	*at++ = (unsigned char)((features->is_account ? FLAG_ACCOUNT : 0) | (features->is_active ? FLAG_ACTIVE : 0)
	                        | (before->classified ? FLAG_CLASSIFIED : 0) | (features->has_potential ? FLAG_POTENTIAL : 0)
	                        | (before->prospect >= 0 ? FLAG_PROSPECT : 0)
	                        | ((rows->owners[i] & OWNER_DERIVED) != 0 ? FLAG_DERIVED : 0) | (other != NULL ? FLAG_OTHER_MARGIN : 0));
	at = put_small(at, features, before);
	at = put_measures(at, &features->measures);
	at = put(at, (uint64_t)((int64_t)features->industry + 1));
	at = put(at, (uint64_t)features->fit_passed_centi);
	at = put(at, (uint64_t)((int64_t)before->keep_score + 1));
	at = put(at, (uint64_t)before->won_deals);
	at = put(at, rows->owners[i] & ~OWNER_DERIVED);
	if (features->has_potential)
		at = put(at, features->potential_stated);
	if (before->prospect >= 0)
		at = put_prospect(at, &rows->prospects[before->prospect]);
	if (other != NULL)
		at = put(at, (uint64_t)other->pct_centi);
	*at++ = (unsigned char)id.length;
	memcpy(at, id.bytes, id.length);
	return at + id.length;
}

static void keep_other(struct book_rows *window, uint64_t pct_centi)
{
	window->other_margins[window->other_count++] = (struct other_margin){(uint32_t)window->count, (int32_t)pct_centi};
}

static const unsigned char *take_row(const unsigned char *at, struct book_rows *window)
{
	struct features features = {0};
	struct before before = {.engagement = -1, .potential = -1, .prospect = -1};
	unsigned flags = *at++;
	uint64_t value[5], other;

	at = take_small(at, &features, &before);
	at = take_measures(at, &features.measures);
	for (size_t i = 0; i < 5; i++)
		at = take(at, &value[i]);
	features.is_account = (flags & FLAG_ACCOUNT) != 0;
	features.is_active = (flags & FLAG_ACTIVE) != 0;
	features.industry = (int32_t)value[0] - 1;
	features.fit_passed_centi = (int32_t)value[1];
	before.keep_score = (int16_t)(value[2] - 1);
	before.won_deals = (int32_t)value[3];
	before.classified = (flags & FLAG_CLASSIFIED) != 0;
	window->owners[window->count] = (uint32_t)value[4] | ((flags & FLAG_DERIVED) != 0 ? OWNER_DERIVED : 0);
	if ((flags & FLAG_POTENTIAL) != 0) {
		at = take(at, &other);
		features_state_potential(&features, (int64_t)other);
	}
	if ((flags & FLAG_PROSPECT) != 0) {
		before.prospect = (int32_t)window->prospect_count;
		at = take_prospect(at, &window->prospects[window->prospect_count++]);
	}
	if ((flags & FLAG_OTHER_MARGIN) != 0) {
		at = take(at, &other);
		keep_other(window, other);
	}
	window->ids[window->count] = (const char *)at;
	window->features[window->count] = features;
	window->before[window->count++] = before;
	return at + 1 + *at;
}

/* ---- The pack ---- */

enum status book_pack_add(struct book_pack *pack, const struct book_rows *window)
{
	const struct other_margin *other = window->other_margins, *end = other + window->other_count;

	for (size_t i = 0; i < window->count; i++) {
		bool has_other = other != end && other->index == i;
		struct pack_block *block;

		if ((pack->last == NULL || pack->last->length + ROW_BYTES > BLOCK_BYTES) && !block_add(pack))
			return STATUS_NO_MEMORY;
		block = pack->last;
		block->length = (size_t)(put_row(block->bytes + block->length, window, i, has_other ? other : NULL) - block->bytes);
		other += has_other;
		pack->rows++;
	}
	return STATUS_OK;
}

/** Go on to the block that has the next row. */
static void next_block(struct pack_reader *reader)
{
	struct pack_block *behind = reader->block == NULL ? reader->pack->first : reader->block->next;

	if (reader->eats && reader->block != NULL)
		block_free(reader->pack);
	reader->block = behind;
	reader->at = 0;
}

void book_pack_read(struct pack_reader *reader, struct book_rows *window)
{
	window->count = window->other_count = window->prospect_count = 0;
	if (reader->block == NULL || reader->at == reader->block->length)
		next_block(reader);
	while (reader->block != NULL && window->count < JOBS_CHUNK_ROWS && reader->at < reader->block->length) {
		const unsigned char *at = reader->block->bytes + reader->at;

		reader->at += (size_t)(take_row(at, window) - at);
		reader->rows++;
	}
}
