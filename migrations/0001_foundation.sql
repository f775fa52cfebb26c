-- The schema: workspaces and their keys, policies and reviews; the records that come in; what is derived from them.
-- Every table's key begins with workspace_id. Ids compare by bytes. Money is bigint minor units, percentages and hours are hundredths.

CREATE TABLE workspace (
	id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name            text COLLATE "C" NOT NULL UNIQUE,
	currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	currency_digits smallint NOT NULL CHECK (currency_digits BETWEEN 0 AND 4),
	secret          bytea NOT NULL,
	created_at      timestamptz NOT NULL DEFAULT now(),
	day             date NOT NULL,
	policy          integer NOT NULL DEFAULT 1,
	review          integer,
	epoch           integer NOT NULL DEFAULT 0,
	next_epoch      integer,
	next_state      text CHECK (next_state IN ('computing', 'writing')),
	next_day        date,
	next_policy     integer,
	next_review     integer,
	CHECK ((next_epoch IS NULL) = (next_state IS NULL))
);
COMMENT ON TABLE workspace IS 'One company''s book, and which day, policy and review are in force for it. Changed only under the exclusive advisory lock of the workspace.';
COMMENT ON COLUMN workspace.secret IS 'Key of the HMAC by which erased ids are remembered.';
COMMENT ON COLUMN workspace.day IS 'D, the book''s day: moved by the nightly refresh, or pinned by the policy.';
COMMENT ON COLUMN workspace.epoch IS 'Grows by one with every flip of day, policy or review; standing.next_* with next_epoch <= epoch are in force.';
COMMENT ON COLUMN workspace.next_epoch IS 'A flip being prepared: while computing, writers mark what they touch; while writing, they score under both.';

CREATE SEQUENCE api_key_version;
CREATE TABLE api_key (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	hash         bytea NOT NULL UNIQUE,
	role         text NOT NULL CHECK (role IN ('read', 'write', 'admin')),
	created_at   timestamptz NOT NULL DEFAULT now(),
	revoked_at   timestamptz,
	version      bigint NOT NULL DEFAULT nextval('api_key_version'),
	PRIMARY KEY (workspace_id, id)
);
CREATE INDEX api_key_version_idx ON api_key (version);
COMMENT ON TABLE api_key IS 'Who may call. Only the SHA-256 of a key is kept. Changed under LOCK TABLE ... SHARE ROW EXCLUSIVE, so that version order is commit order.';

CREATE TABLE policy (
	workspace_id bigint NOT NULL REFERENCES workspace,
	version      integer NOT NULL,
	document     jsonb NOT NULL,
	note         text,
	key_id       text,
	actor        text,
	created_at   timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (workspace_id, version)
);
COMMENT ON TABLE policy IS 'Every version of the rules, whole. Never updated.';

CREATE TABLE review (
	workspace_id         bigint NOT NULL REFERENCES workspace,
	number               integer NOT NULL,
	state                text NOT NULL CHECK (state IN ('waiting', 'computing', 'writing', 'done', 'failed')),
	provisional          boolean NOT NULL,
	day                  date,
	policy               integer,
	requested_at         timestamptz NOT NULL DEFAULT now(),
	done_at              timestamptz,
	key_id               text,
	actor                text,
	failure              text,
	clients              bigint,
	key_cutoff           bigint,
	key_revenue          bigint,
	revenue              bigint,
	engagement_cut       integer,
	potential_cut        integer,
	margin               integer,
	full_reach           bigint,
	full_rhythm          bigint,
	full_orders          bigint,
	initiative_available boolean,
	revenue_source       text CHECK (revenue_source IN ('revenue', 'deals')),
	half_year_momentum   boolean,
	lines_offered        integer,
	deals_per_year       bigint,
	first_revenue_on     date,
	tiers                jsonb,
	lists                jsonb,
	changed              bigint,
	PRIMARY KEY (workspace_id, number)
);
COMMENT ON TABLE review IS 'What each review froze. In force is the one that workspace.review names.';
COMMENT ON COLUMN review.margin IS 'Of steadiness, hundredths of a point: cuts.margin of the policy, which acts at the next review like the rest of cuts.';
COMMENT ON COLUMN review.full_rhythm IS 'Times 2^32, as decay sums are kept; 0: not recorded in this book.';

CREATE TABLE review_cohort (
	workspace_id bigint NOT NULL,
	review       integer NOT NULL,
	industry_key text COLLATE "C" NOT NULL,
	all_clients  boolean NOT NULL,
	band         smallint NOT NULL,
	clients      bigint NOT NULL,
	median       bigint NOT NULL,
	p75          bigint NOT NULL,
	PRIMARY KEY (workspace_id, review, all_clients, industry_key, band),
	FOREIGN KEY (workspace_id, review) REFERENCES review
);
COMMENT ON TABLE review_cohort IS 'The frozen table of cohorts: per industry and employee band (0: the whole industry), with five clients or more; one row for all clients.';

CREATE TABLE review_signal (
	workspace_id  bigint NOT NULL REFERENCES workspace,
	id            bigint GENERATED ALWAYS AS IDENTITY,
	at            timestamptz NOT NULL DEFAULT clock_timestamp(),
	clients_delta integer NOT NULL,
	decisive      boolean NOT NULL,
	PRIMARY KEY (workspace_id, id)
);
COMMENT ON TABLE review_signal IS 'What writes report while reviews are provisional: clients gained or lost; decisive: the first organisation, or something newly recorded. Consumed by the next provisional review.';

CREATE TABLE seller (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	name text,
	email text,
	region text,
	weekly_hours integer,
	started_on date,
	quota bigint,
	active boolean NOT NULL,
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE seller IS 'People who own accounts and prospects.';
COMMENT ON COLUMN seller.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN seller.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN seller.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
COMMENT ON COLUMN seller.weekly_hours IS 'Hundredths of an hour.';

CREATE TABLE organisation (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	is_account boolean NOT NULL,
	name text,
	seller text COLLATE "C",
	industry text,
	region text,
	country text,
	employees bigint,
	company_revenue bigint,
	annual_potential bigint,
	annual_potential_on date,
	margin_pct integer,
	client_since date,
	status text NOT NULL CHECK (status IN ('active', 'inactive', 'let_go')),
	protected jsonb,
	expected_annual bigint,
	access boolean,
	problems jsonb,
	revisit_on date,
	domain text,
	attributes jsonb,
	name_key text COLLATE "C",
	industry_key text COLLATE "C",
	region_key text COLLATE "C",
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE organisation IS 'Accounts and prospects: one thing, one id.';
COMMENT ON COLUMN organisation.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN organisation.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN organisation.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
COMMENT ON COLUMN organisation.is_account IS 'A client, or one that was; false: a prospect. Never goes back to false.';
COMMENT ON COLUMN organisation.seller IS 'As stated; the one in force, derived where none is stated, is in standing.';
COMMENT ON COLUMN organisation.margin_pct IS 'Hundredths of a percent.';
COMMENT ON COLUMN organisation.industry_key IS 'Trimmed and case-folded: the form that compares.';
CREATE INDEX organisation_by_name ON organisation (workspace_id, name_key, id) WHERE NOT deleted;
CREATE INDEX organisation_by_industry ON organisation (workspace_id, industry_key, id) WHERE NOT deleted;
CREATE INDEX organisation_by_region ON organisation (workspace_id, region_key, id) WHERE NOT deleted;

CREATE TABLE contact (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	organisation text COLLATE "C",
	name text,
	email text,
	persona text,
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE contact IS 'People at organisations.';
COMMENT ON COLUMN contact.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN contact.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN contact.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
CREATE INDEX contact_by_organisation ON contact (workspace_id, organisation, id);

CREATE TABLE deal (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	organisation text COLLATE "C",
	seller text COLLATE "C",
	amount bigint,
	stage text NOT NULL CHECK (stage IN ('open', 'won', 'lost')),
	opened_on date,
	closed_on date,
	line text,
	line_key text COLLATE "C",
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE deal IS 'What was or may be sold.';
COMMENT ON COLUMN deal.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN deal.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN deal.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
CREATE INDEX deal_by_closed ON deal (workspace_id, organisation, closed_on, seller) WHERE NOT deleted;
CREATE INDEX deal_by_opened ON deal (workspace_id, organisation, opened_on, seller) WHERE NOT deleted;

CREATE TABLE activity (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	organisation text COLLATE "C",
	seller text COLLATE "C",
	contact text COLLATE "C",
	kind text NOT NULL CHECK (kind IN ('call', 'email', 'meeting', 'visit', 'service', 'other')),
	direction text CHECK (direction IN ('inbound', 'outbound')),
	minutes bigint,
	at timestamptz,
	day date,
	of_organisation text COLLATE "C",
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE activity IS 'Touches.';
COMMENT ON COLUMN activity.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN activity.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN activity.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
COMMENT ON COLUMN activity.day IS 'The UTC day of at.';
COMMENT ON COLUMN activity.of_organisation IS 'The organisation stated, else the contact''s.';
CREATE INDEX activity_by_contact ON activity (workspace_id, contact, id) WHERE contact IS NOT NULL;
CREATE INDEX activity_by_pair ON activity (workspace_id, of_organisation, seller, contact, day) WHERE contact IS NOT NULL AND NOT deleted;
CREATE INDEX activity_by_day ON activity (workspace_id, of_organisation, day, seller) WHERE NOT deleted;

CREATE TABLE revenue (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           text COLLATE "C" NOT NULL,
	organisation text COLLATE "C",
	amount bigint,
	margin bigint,
	day date,
	line text,
	line_key text COLLATE "C",
	said         integer NOT NULL,
	said_at      timestamptz NOT NULL,
	said_by      text COLLATE "C" NOT NULL DEFAULT '',
	stamps       jsonb,
	stub         boolean NOT NULL DEFAULT false,
	deleted      boolean NOT NULL DEFAULT false,
	version      bigint NOT NULL,
	created_at   timestamptz NOT NULL,
	updated_at   timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE revenue IS 'Money earned on a day.';
COMMENT ON COLUMN revenue.said IS 'Bit i: field i of the record''s table has ever been said, if only to clear it.';
COMMENT ON COLUMN revenue.said_at IS 'Source time of every said field that stamps does not list.';
COMMENT ON COLUMN revenue.stamps IS 'Fields with another source time: {"employees": [microseconds, "event id"]}.';
COMMENT ON COLUMN revenue.day IS 'The field "on".';
CREATE INDEX revenue_by_organisation ON revenue (workspace_id, organisation, day) WHERE NOT deleted;

-- Daily sums of the facts: what a score reads instead of an account's past. Changed by the difference old fact to new fact, in the same transaction.

CREATE TABLE revenue_day (
	workspace_id bigint NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	source       text COLLATE "C" NOT NULL CHECK (source IN ('revenue', 'deals')),
	day          date NOT NULL,
	line_key     text COLLATE "C" NOT NULL,
	seller       text COLLATE "C" NOT NULL,
	amount       bigint NOT NULL,
	margin       bigint NOT NULL,
	entries      integer NOT NULL,
	positive     integer NOT NULL,
	PRIMARY KEY (workspace_id, organisation, source, day, line_key, seller)
) WITH (fillfactor = 80);
COMMENT ON TABLE revenue_day IS 'Revenue entries, and won deals on the day they closed, summed by day, line and (deals alone) seller. Empty text: none.';
COMMENT ON COLUMN revenue_day.margin IS 'Each entry''s margin, or its amount times standing.margin_pct of the organisation, rounded entry by entry.';
COMMENT ON COLUMN revenue_day.positive IS 'How many entries are above 0.';

CREATE TABLE activity_day (
	workspace_id bigint NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	day          date NOT NULL,
	activities   integer NOT NULL,
	minutes      bigint NOT NULL,
	inbound      integer NOT NULL,
	directed     integer NOT NULL,
	PRIMARY KEY (workspace_id, organisation, day)
) WITH (fillfactor = 80);
COMMENT ON TABLE activity_day IS 'Activities by day. inbound and directed leave service out.';

CREATE TABLE touch_pair (
	workspace_id bigint NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	seller       text COLLATE "C" NOT NULL,
	contact      text COLLATE "C" NOT NULL,
	activities   bigint NOT NULL,
	last_day     date NOT NULL,
	PRIMARY KEY (workspace_id, organisation, seller, contact)
) WITH (fillfactor = 80);
COMMENT ON TABLE touch_pair IS 'Which seller touched which contact, and when last. Empty seller: the unnamed one.';

CREATE TABLE standing (
	workspace_id bigint NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	is_account boolean NOT NULL,
	margin_pct integer NOT NULL,
	tier text COLLATE "C",
	list text COLLATE "C",
	engagement integer,
	potential integer,
	keep_score integer,
	engagement_side smallint NOT NULL DEFAULT 0,
	potential_side smallint NOT NULL DEFAULT 0,
	seller text COLLATE "C",
	seller_derived boolean NOT NULL DEFAULT false,
	revenue_12m bigint NOT NULL,
	revenue_prior_12m bigint NOT NULL,
	revenue_182 bigint NOT NULL,
	revenue_prior_182 bigint NOT NULL,
	margin_12m bigint NOT NULL,
	minutes_12m bigint NOT NULL,
	rhythm bigint NOT NULL,
	orders bigint NOT NULL,
	reach integer NOT NULL,
	inbound integer NOT NULL,
	directed integer NOT NULL,
	lines_12m integer NOT NULL,
	next_epoch integer,
	next_tier text COLLATE "C",
	next_list text COLLATE "C",
	next_engagement integer,
	next_potential integer,
	next_keep_score integer,
	next_engagement_side smallint,
	next_potential_side smallint,
	next_seller text COLLATE "C",
	next_seller_derived boolean,
	next_revenue_12m bigint,
	next_revenue_prior_12m bigint,
	next_revenue_182 bigint,
	next_revenue_prior_182 bigint,
	next_margin_12m bigint,
	next_minutes_12m bigint,
	next_rhythm bigint,
	next_orders bigint,
	next_reach integer,
	next_inbound integer,
	next_directed integer,
	next_lines_12m integer,
	PRIMARY KEY (workspace_id, organisation)
) WITH (fillfactor = 70);
CREATE INDEX standing_by_seller ON standing (workspace_id, seller, organisation);
CREATE INDEX standing_by_next_seller ON standing (workspace_id, next_seller, organisation) WHERE next_epoch IS NOT NULL;
CREATE INDEX standing_by_tier ON standing (workspace_id, tier, potential DESC, organisation);
CREATE INDEX standing_by_next_tier ON standing (workspace_id, next_tier, next_potential DESC, organisation) WHERE next_epoch IS NOT NULL;
COMMENT ON TABLE standing IS 'All that is derived of one organisation that is not hidden: its measures on the book''s day, scores, tier, list, seller. next_* hold instead of the rest once workspace.epoch >= next_epoch.';
COMMENT ON COLUMN standing.margin_pct IS 'Hundredths of a percent: what revenue_day.margin was computed with.';
COMMENT ON COLUMN standing.rhythm IS 'Decay sum times 2^32, as is orders.';
COMMENT ON COLUMN standing.engagement_side IS 'Side of the cut-off that the review in force stored: 0 none, 1 low, 2 high.';
COMMENT ON COLUMN standing.seller IS 'The seller in force: stated, else derived from deals and activities.';
COMMENT ON COLUMN standing.tier IS 'Null: not classified (no review yet, not an active account, nothing recorded).';

CREATE VIEW standing_in_force AS
SELECT s.workspace_id, s.organisation, s.is_account, s.margin_pct,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_tier ELSE s.tier END AS tier,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_list ELSE s.list END AS list,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_engagement ELSE s.engagement END AS engagement,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_potential ELSE s.potential END AS potential,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_keep_score ELSE s.keep_score END AS keep_score,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_engagement_side ELSE s.engagement_side END AS engagement_side,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_potential_side ELSE s.potential_side END AS potential_side,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_seller ELSE s.seller END AS seller,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_seller_derived ELSE s.seller_derived END AS seller_derived,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_12m ELSE s.revenue_12m END AS revenue_12m,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_prior_12m ELSE s.revenue_prior_12m END AS revenue_prior_12m,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_182 ELSE s.revenue_182 END AS revenue_182,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_prior_182 ELSE s.revenue_prior_182 END AS revenue_prior_182,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_margin_12m ELSE s.margin_12m END AS margin_12m,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_minutes_12m ELSE s.minutes_12m END AS minutes_12m,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_rhythm ELSE s.rhythm END AS rhythm,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_orders ELSE s.orders END AS orders,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_reach ELSE s.reach END AS reach,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_inbound ELSE s.inbound END AS inbound,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_directed ELSE s.directed END AS directed,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_lines_12m ELSE s.lines_12m END AS lines_12m
  FROM standing s JOIN workspace w ON w.id = s.workspace_id;
COMMENT ON VIEW standing_in_force IS 'standing as readers must see it: at every instant under one epoch.';

CREATE TABLE touched (
	workspace_id bigint NOT NULL,
	epoch        integer NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	PRIMARY KEY (workspace_id, epoch, organisation)
);
COMMENT ON TABLE touched IS 'Organisations written while the flip to that epoch was being computed: to be scored again before it takes effect.';

CREATE TABLE change (
	workspace_id      bigint NOT NULL,
	organisation      text COLLATE "C" NOT NULL,
	position          bigint GENERATED ALWAYS AS IDENTITY,
	at                timestamptz NOT NULL,
	epoch             integer NOT NULL,
	day               date NOT NULL,
	review            integer,
	policy            integer NOT NULL,
	cause             text NOT NULL CHECK (cause IN ('write', 'import', 'event', 'review', 'refresh', 'policy', 'decision', 'override')),
	reference         text,
	key_id            text,
	actor             text,
	status            text,
	tier              text,
	list              text,
	seller            text COLLATE "C",
	engagement        integer,
	potential         integer,
	previous_status   text,
	previous_tier     text,
	previous_list     text,
	previous_seller   text COLLATE "C",
	engagement_points integer[],
	potential_points  integer[],
	PRIMARY KEY (workspace_id, organisation, position)
);
COMMENT ON TABLE change IS 'Every change of tier, list, seller or status, with the contributions then in force. Append-only, erasing aside; rows of an epoch not yet in force are not there for readers.';
COMMENT ON COLUMN change.engagement_points IS 'Hundredths of a point in the order reach, initiative, rhythm, orders, breadth; -1: not recorded here.';

CREATE TABLE decision (
	workspace_id bigint NOT NULL REFERENCES workspace,
	id           bigint GENERATED ALWAYS AS IDENTITY,
	organisation text COLLATE "C" NOT NULL,
	decision     text NOT NULL CHECK (decision IN ('let_go', 'keep', 'reassign', 'reprice')),
	decided_by   text NOT NULL,
	reason       text NOT NULL,
	until        date,
	seller       text COLLATE "C",
	margin_pct   integer,
	day          date NOT NULL,
	decided_at   timestamptz NOT NULL DEFAULT now(),
	key_id       text,
	actor        text,
	tier         text,
	list         text,
	keep_score   integer,
	revenue_12m  bigint NOT NULL,
	minutes_12m  bigint NOT NULL,
	PRIMARY KEY (workspace_id, id)
);
CREATE INDEX decision_by_organisation ON decision (workspace_id, organisation, id);
CREATE INDEX decision_by_day ON decision (workspace_id, day, id);
COMMENT ON TABLE decision IS 'What people decided about accounts on the let-go list, kept for good, with what the account was worth then.';

CREATE TABLE idempotency (
	workspace_id bigint NOT NULL REFERENCES workspace,
	key          text COLLATE "C" NOT NULL,
	fingerprint  bytea NOT NULL,
	state        text NOT NULL CHECK (state IN ('running', 'done')),
	lease_until  timestamptz NOT NULL,
	expires_at   timestamptz NOT NULL,
	status       integer,
	headers      jsonb,
	body         bytea,
	rows_done    bigint NOT NULL DEFAULT 0,
	progress     jsonb,
	PRIMARY KEY (workspace_id, key)
);
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
COMMENT ON TABLE idempotency IS 'POSTs that carried an Idempotency-Key: their answer for 24 hours; of an import also how far it has come.';

CREATE TABLE erased (
	workspace_id bigint NOT NULL REFERENCES workspace,
	kind         text NOT NULL,
	hmac         bytea NOT NULL,
	erased_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (workspace_id, kind, hmac)
);
COMMENT ON TABLE erased IS 'HMACs of erased ids: they come back by an explicit PUT alone.';

CREATE TABLE hidden_side (
	workspace_id    bigint NOT NULL,
	organisation    text COLLATE "C" NOT NULL,
	review          integer NOT NULL,
	engagement_side smallint NOT NULL,
	potential_side  smallint NOT NULL,
	PRIMARY KEY (workspace_id, organisation)
);
COMMENT ON TABLE hidden_side IS 'Sides that a review stored of organisations that have been hidden since: they hold again if one is shown again under the same review.';
