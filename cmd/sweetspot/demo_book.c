/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the book up: who sells, who buys how much of what, who is talked to. Writing it is demo.c's. */
#include "demo_book.h"

#include <inttypes.h>
#include <stdlib.h>

#include <sweetspot/calendar.h>

#include "demo_random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PICK(random, array) ((array)[random_between(random, 0, (int64_t)COUNT(array) - 1)])

#define YEAR 365
#define MONTH 30
#define MONTHS 36
#define CONTACTS_MAX 4
#define KEY_PERCENT 25
#define TIES 3

static const char *const first_words[] = {"North", "Silver", "Harbour", "Cedar", "Summit", "Blue River", "Granite", "Meadow",
	"Falcon", "Amber", "Copper", "Lakeside", "Orchard", "Pioneer", "Sterling", "Vale", "Juniper", "Beacon", "Ironbridge", "Coral"};
static const char *const second_words[] = {"Foods", "Instruments", "Logistics", "Clinics", "Systems", "Textiles", "Energy", "Packaging",
	"Tools", "Retail", "Glass", "Marine", "Printing", "Robotics", "Dairies", "Furniture", "Labs", "Builders"};
static const char *const endings[] = {"Ltd", "GmbH", "Inc", "& Sons", "Group", "AG"};
static const char *const industries[] = {"Manufacturing", "Medical", "Software", "Retail", "Logistics", "Food", "Construction", "Energy"};
static const char *const regions[] = {"North", "South", "East", "West"};
static const char *const countries[] = {"DE", "AT", "CH", "FR", "GB", "NL"};
static const char *const lines[] = {"Hardware", "Spare parts", "Service contract", "Training", "Consumables", "Software"};
static const char *const personas[] = {"CEO", "CFO", "VP", "Director", "Buyer", "Engineer", "Office manager", "Owner"};
static const char *const people[] = {"Ada Kern", "Ben Walsh", "Carla Stein", "David Okafor", "Eva Lind", "Farid Haddad",
	"Greta Moss", "Hugo Pires", "Ines Roth", "Jan Novak", "Kira Sand", "Luis Vega", "Mia Berg", "Noah Frey", "Olga Petrova", "Paul Marsh"};
static const char *const problems[] = {"downtime", "cost", "compliance", "growth", "staffing"};
static const char *const seller_names[] = {"Maria Keller", "Tom Brandt", "Aisha Rahman", "Peter Nowak", "Julia Costa", "Sam Reed",
	"Lena Vogt", "Karl Ost"};
/* A year's revenue in units of currency: few are big. */
static const int32_t sizes[] = {400, 700, 900, 1300, 1800, 2400, 3100, 4200, 5500, 7000, 9000, 12000, 16000, 21000, 30000, 45000,
	70000, 120000};

/** How an account's business goes. */
enum course { STEADY, GROWING, SHRINKING, NEW, LAPSED, NEVER_BOUGHT, INACTIVE, COURSES };
/* How many of a hundred accounts take each course, and what they buy in the last year, the one before and the one before it, in percent. */
static const struct {
	int share;
	int by_year[3];
} courses[COURSES] = {
	[STEADY] = {38, {100, 100, 95}}, [GROWING] = {18, {140, 100, 70}}, [SHRINKING] = {16, {55, 100, 120}}, [NEW] = {8, {100, 0, 0}},
	[LAPSED] = {10, {0, 100, 100}},  [NEVER_BOUGHT] = {5, {0, 0, 0}},  [INACTIVE] = {5, {30, 90, 100}},
};

struct account {
	enum course course;
	int64_t size;            /* minor units a year */
	int orders_a_year;
	unsigned lines;          /* bit i: buys lines[i] */
	int seller;              /* index; -1: not stated */
	int contacts, touches;
	bool has_minutes;
	int64_t revenue_12m;
};

struct order {
	int64_t account, amount;
	int32_t day;
	int line;
};

struct book {
	const struct demo_plan *plan;
	const struct demo_sink *sink;
	struct random random;
	struct account *accounts;
	struct order *orders;
	size_t order_count, order_capacity;
	struct record *record;   /* being filled */
};

/* ---- Filling a record ---- */

static struct text format_id(struct book *book, const char *prefix, int64_t number)
{
	return text_format(book->sink->arena(book->sink->owner), "%s%04" PRId64, prefix, number);
}

static void begin(struct book *book, enum record_kind kind, bool as_account, struct text id)
{
	book->record = book->sink->next(book->sink->owner, kind, as_account, id);
}

static void set_int(struct book *book, int field, int64_t value)
{
	book->record->given |= UINT32_C(1) << field;
	book->record->filled |= UINT32_C(1) << field;
	book->record->value[field].integer = value;
}

static void set_text(struct book *book, int field, struct text value)
{
	if (value.bytes == NULL)
		return;
	book->record->given |= UINT32_C(1) << field;
	book->record->filled |= UINT32_C(1) << field;
	book->record->value[field].text = value;
}

static struct arena *texts(struct book *book)
{
	return book->sink->arena(book->sink->owner);
}

/* ---- Who there is ---- */

static struct text seller_id(struct book *book, int seller)
{
	return format_id(book, "s-", seller + 1);
}

static struct text account_id(struct book *book, int64_t account)
{
	return format_id(book, "a-", account + 1);
}

/** The last has left the company: the accounts stay with the name. */
static void put_sellers(struct book *book)
{
	for (int i = 0; i < (int)COUNT(seller_names); i++) {
		bool is_last = i == (int)COUNT(seller_names) - 1;

		begin(book, RECORD_SELLER, false, seller_id(book, i));
		set_text(book, SELLER_NAME, text_of(seller_names[i]));
		set_text(book, SELLER_REGION, text_of(regions[i % (int)COUNT(regions)]));
		set_int(book, SELLER_WEEKLY_HOURS, i % 3 == 2 ? 3200 : 4000);
		set_int(book, SELLER_QUOTA, (250000 + 50000 * (int64_t)i) * book->plan->minor_units);
		set_int(book, SELLER_STARTED_ON, book->plan->day - 400 * (8 - i) + 90);
		set_int(book, SELLER_ACTIVE, !is_last);
	}
}

static enum course draw_course(struct random *random)
{
	int64_t draw = random_between(random, 0, 99);
	enum course course = STEADY;

	while (draw >= courses[course].share) {
		draw -= courses[course].share;
		course++;
	}
	return course;
}

static unsigned draw_lines(struct random *random)
{
	unsigned chosen = 1U << random_between(random, 0, (int64_t)COUNT(lines) - 1);

	for (size_t i = 0; i < COUNT(lines); i++)
		if (random_chance(random, 25))
			chosen |= 1U << i;
	return chosen;
}

static void draw_account(struct book *book, struct account *account)
{
	struct random *random = &book->random;

	account->course = draw_course(random);
	account->size = PICK(random, sizes) * random_between(random, 70, 130) / 10 * 10 * book->plan->minor_units / 100;
	account->orders_a_year = (int)random_between(random, 2, account->size > 10000 * book->plan->minor_units ? 24 : 10);
	account->lines = draw_lines(random);
	account->seller = random_chance(random, 88) ? (int)random_between(random, 0, (int64_t)COUNT(seller_names) - 1) : -1;
	account->contacts = (int)random_between(random, 0, CONTACTS_MAX);
	account->touches = random_chance(random, 70) ? (int)(random_between(random, 1, 6) * random_between(random, 1, 6)) : 0;
	if (account->course == INACTIVE || (account->course == LAPSED && random_chance(random, 60)))
		account->touches = 0;
	account->has_minutes = random_chance(random, 65);
}

/* ---- What they buy ---- */

static int draw_line(struct random *random, unsigned chosen)
{
	int line;

	do
		line = (int)random_between(random, 0, (int64_t)COUNT(lines) - 1);
	while ((chosen >> line & 1U) == 0);
	return line;
}

static enum status add_order(struct book *book, struct order order)
{
	if (order.amount == 0)
		return STATUS_OK;
	if (book->order_count == book->order_capacity) {
		size_t capacity = book->order_capacity == 0 ? 1024 : book->order_capacity * 2;
		struct order *orders = realloc(book->orders, capacity * sizeof(*orders));

		if (orders == NULL)
			return STATUS_NO_MEMORY;
		book->orders = orders;
		book->order_capacity = capacity;
	}
	book->orders[book->order_count++] = order;
	if (book->plan->day - order.day < YEAR)
		book->accounts[order.account].revenue_12m += order.amount;
	return STATUS_OK;
}

static bool buys_at(enum course course, int32_t age)
{
	switch (course) {
	case NEW:
		return age < 5 * MONTH;
	case LAPSED:
		return age > 400;
	case INACTIVE:
		return age > 300;
	case STEADY:
	case GROWING:
	case SHRINKING:
	case NEVER_BOUGHT:
	case COURSES:
		break;
	}
	return true;
}

static enum status draw_month(struct book *book, int64_t index, int month)
{
	const struct account *account = &book->accounts[index];
	struct random *random = &book->random;
	int percent = courses[account->course].by_year[month * MONTH / YEAR < 3 ? month * MONTH / YEAR : 2];
	int32_t age = (int32_t)(month * MONTH + random_between(random, 0, MONTH - 1));
	int64_t amount = account->size / account->orders_a_year * percent / 100 * random_between(random, 60, 140) / 100;
	int line = draw_line(random, account->lines);

	if (!random_chance(random, account->orders_a_year * 100 / 12) || !buys_at(account->course, age))
		return STATUS_OK;
	if (random_chance(random, 2))
		amount = -amount / 4;  /* a credit note */
	amount -= amount % (book->plan->minor_units / 2 > 0 ? book->plan->minor_units / 2 : 1);
	return add_order(book, (struct order){index, amount, book->plan->day - age, line});
}

static enum status draw_orders(struct book *book)
{
	enum status status = STATUS_OK;

	for (int64_t i = 0; i < book->plan->accounts; i++) {
		draw_account(book, &book->accounts[i]);
		for (int month = 0; month < MONTHS && status == STATUS_OK; month++)
			status = draw_month(book, i, month);
	}
	return status;
}

struct rank {
	int64_t account, revenue_12m;
};

static int compare_ranks(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->revenue_12m != y->revenue_12m)
		return x->revenue_12m < y->revenue_12m ? 1 : -1;
	return x->account < y->account ? -1 : 1;
}

/** The three behind the key cut-off are lifted to it: exact ties, which the rules let in. */
static enum status add_ties(struct book *book)
{
	struct rank *ranks = calloc((size_t)book->plan->accounts, sizeof(*ranks));
	size_t clients = 0, key;
	enum status status = STATUS_OK;

	if (ranks == NULL)
		return STATUS_NO_MEMORY;
	for (int64_t i = 0; i < book->plan->accounts; i++)
		if (book->accounts[i].course != INACTIVE && book->accounts[i].revenue_12m > 0)
			ranks[clients++] = (struct rank){i, book->accounts[i].revenue_12m};
	qsort(ranks, clients, sizeof(*ranks), compare_ranks);
	key = clients * KEY_PERCENT / 100;
	for (size_t i = key; key > 0 && i < clients && i < key + TIES && status == STATUS_OK; i++)
		status = add_order(book, (struct order){ranks[i].account, ranks[key - 1].revenue_12m - ranks[i].revenue_12m, book->plan->day - 40,
		                                        draw_line(&book->random, book->accounts[ranks[i].account].lines)});
	free(ranks);
	return status;
}

/* ---- Records ---- */

/** Where, how many, how rich: with the gaps that real books have. */
static void describe(struct book *book)
{
	struct random *random = &book->random;
	struct text name = text_format(texts(book), "%s %s %s", PICK(random, first_words), PICK(random, second_words), PICK(random, endings));

	set_text(book, ORGANISATION_NAME, name);
	if (random_chance(random, 92))
		set_text(book, ORGANISATION_INDUSTRY, text_of(PICK(random, industries)));
	if (random_chance(random, 90))
		set_text(book, ORGANISATION_REGION, text_of(PICK(random, regions)));
	if (random_chance(random, 85))
		set_text(book, ORGANISATION_COUNTRY, text_of(PICK(random, countries)));
	if (random_chance(random, 87))
		set_int(book, ORGANISATION_EMPLOYEES, random_between(random, 1, 9) * PICK(random, ((const int[]){1, 5, 20, 100, 700})));
}

static void put_account(struct book *book, int64_t index)
{
	const struct account *account = &book->accounts[index];
	struct random *random = &book->random;

	begin(book, RECORD_ORGANISATION, true, account_id(book, index));
	describe(book);
	set_int(book, ORGANISATION_STATUS, account->course == INACTIVE ? ORGANISATION_INACTIVE : ORGANISATION_ACTIVE);
	if (account->seller >= 0)
		set_text(book, ORGANISATION_SELLER, seller_id(book, account->seller));
	if (random_chance(random, 20)) {
		set_int(book, ORGANISATION_ANNUAL_POTENTIAL, account->size * random_between(random, 80, 300) / 100);
		set_int(book, ORGANISATION_ANNUAL_POTENTIAL_ON, book->plan->day - random_between(random, 0, 450));
	}
	if (random_chance(random, 25))
		set_int(book, ORGANISATION_MARGIN_PCT, random_between(random, 15, 60) * 100);
	if (account->course == NEW || random_chance(random, 40))
		set_int(book, ORGANISATION_CLIENT_SINCE,
			book->plan->day - (account->course == NEW ? random_between(random, 20, 150) : random_between(random, 400, 3000)));
	if (random_chance(random, 2)) {
		char until[11];

		day_format(book->plan->day + 180, until);
		set_text(book, ORGANISATION_PROTECTED, text_format(texts(book), "{\"reason\":\"reference customer\",\"until\":\"%s\"}", until));
	}
}

static int64_t prospect_count(const struct book *book)
{
	return book->plan->accounts / 8;
}

static void put_prospect(struct book *book, int64_t index)
{
	struct random *random = &book->random;

	begin(book, RECORD_ORGANISATION, false, format_id(book, "p-", index + 1));
	describe(book);
	if (random_chance(random, 70))
		set_text(book, ORGANISATION_SELLER, seller_id(book, (int)random_between(random, 0, (int64_t)COUNT(seller_names) - 2)));
	if (random_chance(random, 60))
		set_int(book, ORGANISATION_EXPECTED_ANNUAL, PICK(random, sizes) * book->plan->minor_units);
	if (random_chance(random, 40))
		set_text(book, ORGANISATION_PROBLEMS, text_format(texts(book), "[\"%s\"]", PICK(random, problems)));
	if (random_chance(random, 15))
		set_int(book, ORGANISATION_REVISIT_ON, book->plan->day + random_between(random, 10, 200));
}

static struct text contact_id(struct book *book, int64_t account, int64_t contact)
{
	return text_format(texts(book), "c-%04" PRId64 "-%" PRId64, account + 1, contact + 1);
}

static void put_contacts(struct book *book, int64_t index)
{
	for (int i = 0; i < book->accounts[index].contacts; i++) {
		begin(book, RECORD_CONTACT, false, contact_id(book, index, i));
		set_text(book, CONTACT_ORGANISATION, account_id(book, index));
		set_text(book, CONTACT_NAME, text_of(PICK(&book->random, people)));
		if (random_chance(&book->random, 85))
			set_text(book, CONTACT_PERSONA, text_of(PICK(&book->random, personas)));
	}
}

static void put_revenue(struct book *book)
{
	for (size_t i = 0; i < book->order_count; i++) {
		const struct order *order = &book->orders[i];

		begin(book, RECORD_REVENUE, false, format_id(book, "r-", (int64_t)i + 1));
		set_text(book, REVENUE_ORGANISATION, account_id(book, order->account));
		set_int(book, REVENUE_AMOUNT, order->amount);
		set_int(book, REVENUE_ON, order->day);
		if (random_chance(&book->random, 95))
			set_text(book, REVENUE_LINE, text_of(lines[order->line]));
		if (random_chance(&book->random, 20))
			set_int(book, REVENUE_MARGIN, order->amount * random_between(&book->random, 10, 70) / 100);
	}
}

/** A deal of an account (a-), or of a prospect (p-, ref-), which has won none. */
static void put_deal(struct book *book, int64_t number, const char *prefix, int64_t index, int seller)
{
	struct random *random = &book->random;
	int64_t draw = random_between(random, 0, 99);
	enum stage_label stage = prefix[0] == 'a' && draw < 45 ? STAGE_WON : draw < 65 ? STAGE_LOST : STAGE_OPEN;
	int32_t closed_on = book->plan->day - (int32_t)random_between(random, 0, 700);

	begin(book, RECORD_DEAL, false, format_id(book, "d-", number));
	set_text(book, DEAL_ORGANISATION, format_id(book, prefix, index + 1));
	if (seller >= 0)
		set_text(book, DEAL_SELLER, seller_id(book, seller));
	if (random_chance(random, 95))
		set_int(book, DEAL_AMOUNT, PICK(random, sizes) * random_between(random, 30, 90) / 100 * book->plan->minor_units);
	set_int(book, DEAL_STAGE, stage);
	set_text(book, DEAL_LINE, text_of(PICK(random, lines)));
	if (stage == STAGE_OPEN)
		closed_on = book->plan->day;
	else
		set_int(book, DEAL_CLOSED_ON, closed_on);
	if (random_chance(random, 90))
		set_int(book, DEAL_OPENED_ON, closed_on - random_between(random, 5, 160));
}

/** Every ninth prospect was only ever referred to: a stub. */
static void put_deals(struct book *book)
{
	int64_t number = 1;

	for (int64_t i = 0; i < book->plan->accounts; i++)
		for (int64_t left = random_between(&book->random, -3, 3); left > 0; left--) {
			int seller = book->accounts[i].seller >= 0 ? book->accounts[i].seller : (int)(i % 7);

			put_deal(book, number++, "a-", i, seller);
		}
	for (int64_t i = 0; i < prospect_count(book); i++)
		if (random_chance(&book->random, 60))
			put_deal(book, number++, i % 9 == 8 ? "ref-" : "p-", i, (int)(i % 7));
}

static void put_touch(struct book *book, int64_t number, int64_t index)
{
	const struct account *account = &book->accounts[index];
	struct random *random = &book->random;
	int64_t day = book->plan->day - random_between(random, 0, 20) * random_between(random, 0, 20);
	int64_t direction = random_between(random, 0, 9);

	begin(book, RECORD_ACTIVITY, false, format_id(book, "t-", number));
	set_text(book, ACTIVITY_ORGANISATION, account_id(book, index));
	set_int(book, ACTIVITY_KIND, random_between(random, ACTIVITY_CALL, ACTIVITY_OTHER));
	set_int(book, ACTIVITY_AT, day * DAY_US + random_between(random, 0, 8) * INT64_C(3600000000));
	if (account->seller >= 0 || random_chance(random, 50))
		set_text(book, ACTIVITY_SELLER, seller_id(book, account->seller >= 0 ? account->seller : (int)(index % 7)));
	if (account->contacts > 0 && random_chance(random, 85))
		set_text(book, ACTIVITY_CONTACT, contact_id(book, index, random_between(random, 0, account->contacts - 1)));
	if (direction < 9)
		set_int(book, ACTIVITY_DIRECTION, direction < 4 ? DIRECTION_INBOUND : DIRECTION_OUTBOUND);
	if (account->has_minutes)
		set_int(book, ACTIVITY_MINUTES, random_between(random, 1, 18) * 5);
}

static void put_activities(struct book *book)
{
	int64_t number = 1;

	for (int64_t i = 0; i < book->plan->accounts; i++)
		for (int touch = 0; touch < book->accounts[i].touches; touch++)
			put_touch(book, number++, i);
}

static void put_all(struct book *book)
{
	put_sellers(book);
	for (int64_t i = 0; i < book->plan->accounts; i++)
		put_account(book, i);
	for (int64_t i = 0; i < prospect_count(book); i++)
		if (i % 9 != 8)
			put_prospect(book, i);
	for (int64_t i = 0; i < book->plan->accounts; i++)
		put_contacts(book, i);
	put_revenue(book);
	put_deals(book);
	put_activities(book);
}

enum status demo_book_make(const struct demo_plan *plan, const struct demo_sink *sink)
{
	struct book book = {.plan = plan, .sink = sink, .random = {plan->seed},
		.accounts = calloc((size_t)plan->accounts, sizeof(struct account))};
	enum status status = book.accounts == NULL ? STATUS_NO_MEMORY : draw_orders(&book);

	if (status == STATUS_OK)
		status = add_ties(&book);
	if (status == STATUS_OK)
		put_all(&book);
	free(book.orders);
	free(book.accounts);
	return status;
}
