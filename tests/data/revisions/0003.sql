BEGIN TRANSACTION;
CREATE TABLE actuals (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	award TEXT, 
	budget_line TEXT, 
	"on" DATE NOT NULL, 
	amount INTEGER NOT NULL, 
	description TEXT, 
	source TEXT, 
	CONSTRAINT pk_actuals PRIMARY KEY ("key"), 
	CONSTRAINT fk_actuals_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "actuals" VALUES('x1',1024,'courts','pay','2026-06-01',-7,NULL,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE allocations (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	post TEXT, 
	cost TEXT, 
	award TEXT, 
	percent TEXT NOT NULL, 
	"from" DATE, 
	"to" DATE, 
	CONSTRAINT pk_allocations PRIMARY KEY ("key"), 
	CONSTRAINT fk_allocations_post FOREIGN KEY(post) REFERENCES posts ("key") DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_allocations_cost FOREIGN KEY(cost) REFERENCES costs ("key") DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_allocations_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "allocations" VALUES('a1',1024,'p1',NULL,'courts','33.33',NULL,NULL);
INSERT INTO "allocations" VALUES('a2',2048,NULL,'rent',NULL,'100',NULL,'2027-03-31');
CREATE TABLE awards (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	reference TEXT, 
	funder TEXT, 
	service TEXT, 
	kind TEXT, 
	fund TEXT, 
	ring_fenced BOOLEAN, 
	stage TEXT NOT NULL, 
	probability TEXT, 
	amount INTEGER NOT NULL, 
	start DATE NOT NULL, 
	"end" DATE NOT NULL, 
	spread TEXT, 
	profile TEXT, 
	uplifts TEXT, 
	extensions TEXT, 
	break_months INTEGER, 
	on_end TEXT, 
	renewal_of TEXT, 
	opening_balance INTEGER, 
	payment_basis TEXT, 
	payments TEXT, 
	payment_lag_days INTEGER, 
	overhead_cap TEXT, 
	virement_limit TEXT, 
	carry_forward TEXT, 
	retention TEXT, 
	budget_lines TEXT, 
	budget_versions TEXT, 
	reporting TEXT, 
	bid TEXT, 
	hours_per_return TEXT, 
	vat TEXT, 
	notes TEXT, 
	documents TEXT, 
	CONSTRAINT pk_awards PRIMARY KEY ("key"), 
	CONSTRAINT fk_awards_funder FOREIGN KEY(funder) REFERENCES funders ("key") DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_awards_service FOREIGN KEY(service) REFERENCES services ("key") DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_awards_renewal_of FOREIGN KEY(renewal_of) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "awards" VALUES('courts',1024,'IDVA, courts','MJ/26-104','pcc','advice','contract','restricted',1,'live','87.5',12345678,'2026-04-01','2028-03-31','profile','[{"amount":"123456.78","month":"2026-04"}]','[{"cap":"3","from":"2027-04-01","percent":"3.25"}]','[{"amount":"0.01","end":"2029-03-31","exercised":false,"key":"year-3"}]',3,'unknown',NULL,-5,'arrears','[{"amount":"5.00","due":"2026-09-30","received_on":"2026-10-02"}]',30,'15',NULL,NULL,NULL,'[{"amount":"1.00","heading":"Staff","key":"pay","profile":[{"amount":"1.00","month":"2026-05"}]}]','[{"agreed_on":"2026-03-01","lines":[{"amount":"0.90","key":"pay"}]}]','{"anchor":"financial-year","due_days":30,"frequency":"quarter"}','{"cost":"0.00","deadline":"2025-11-01","hours":"37.5"}','0.25','exempt','Line one
Line two — “quoted”, naïve, £, 日本, 🏴‍☠️','[{"place":"https://example.org/agreement.pdf","title":"Agreement"}]');
INSERT INTO "awards" VALUES('renewal',2048,'IDVA, courts','MJ/26-104','pcc','advice','contract','restricted',1,'idea','87.5',12345678,'2026-04-01','2028-03-31','profile','[{"amount":"123456.78","month":"2026-04"}]','[{"cap":"3","from":"2027-04-01","percent":"3.25"}]','[{"amount":"0.01","end":"2029-03-31","exercised":false,"key":"year-3"}]',3,'unknown','courts',-5,'arrears','[{"amount":"5.00","due":"2026-09-30","received_on":"2026-10-02"}]',30,'15',NULL,NULL,NULL,'[{"amount":"1.00","heading":"Staff","key":"pay","profile":[{"amount":"1.00","month":"2026-05"}]}]','[{"agreed_on":"2026-03-01","lines":[{"amount":"0.90","key":"pay"}]}]','{"anchor":"financial-year","due_days":30,"frequency":"quarter"}','{"cost":"0.00","deadline":"2025-11-01","hours":"37.5"}','0.25','exempt','Line one
Line two — “quoted”, naïve, £, 日本, 🏴‍☠️','[{"place":"https://example.org/agreement.pdf","title":"Agreement"}]');
CREATE TABLE book (
	identity TEXT NOT NULL, 
	format TEXT NOT NULL, 
	CONSTRAINT pk_book PRIMARY KEY (identity)
);
INSERT INTO "book" VALUES('2f554a9ee40f4b8aa31d5dab62ff972b','fundtrack/1');
CREATE TABLE costs (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	service TEXT, 
	heading TEXT, 
	kind TEXT, 
	amount INTEGER NOT NULL, 
	frequency TEXT NOT NULL, 
	start DATE NOT NULL, 
	"end" DATE, 
	CONSTRAINT pk_costs PRIMARY KEY ("key"), 
	CONSTRAINT fk_costs_service FOREIGN KEY(service) REFERENCES services ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "costs" VALUES('rent',1024,'Rent',NULL,NULL,NULL,99,'month','2026-01-01',NULL);
CREATE TABLE deadlines (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	award TEXT, 
	post TEXT, 
	kind TEXT, 
	title TEXT NOT NULL, 
	due DATE NOT NULL, 
	owner TEXT, 
	done_on DATE, 
	CONSTRAINT pk_deadlines PRIMARY KEY ("key"), 
	CONSTRAINT fk_deadlines_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_deadlines_post FOREIGN KEY(post) REFERENCES posts ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "deadlines" VALUES('d1',1024,'courts',NULL,NULL,'Return','2026-07-30',NULL,NULL);
CREATE TABLE evidence (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	award TEXT, 
	"on" DATE NOT NULL, 
	who TEXT, 
	channel TEXT, 
	grade INTEGER, 
	note TEXT, 
	CONSTRAINT pk_evidence PRIMARY KEY ("key"), 
	CONSTRAINT fk_evidence_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "evidence" VALUES('e1',1024,'renewal','2026-06-01',NULL,NULL,0,NULL);
CREATE TABLE funders (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT, 
	ultimate_source TEXT, 
	org_id TEXT, 
	decision_days INTEGER, 
	contacts TEXT, 
	notes TEXT, 
	CONSTRAINT pk_funders PRIMARY KEY ("key"), 
	CONSTRAINT fk_funders_ultimate_source FOREIGN KEY(ultimate_source) REFERENCES funders ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "funders" VALUES('moj',1024,'Ministry of Justice','government',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "funders" VALUES('pcc',2048,'The Commissioner',NULL,'moj',NULL,NULL,'[{"email":"ann@example.org","name":"Ann"}]','');
CREATE TABLE indicators (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	award TEXT, 
	title TEXT NOT NULL, 
	unit TEXT, 
	direction TEXT, 
	targets TEXT, 
	readings TEXT, 
	CONSTRAINT pk_indicators PRIMARY KEY ("key"), 
	CONSTRAINT fk_indicators_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "indicators" VALUES('i1',1024,NULL,'People supported',NULL,NULL,'[{"period":"2026-27 Q1","value":"12.5"}]','[{"note":"new","period":"2026-27 Q1","value":"0"}]');
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	who TEXT, 
	label TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"of" INTEGER, 
	changes TEXT NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (id), 
	CONSTRAINT fk_journal_of FOREIGN KEY("of") REFERENCES journal (id)
);
INSERT INTO "journal" VALUES(1,'2026-11-28T10:28:27.363+00:00','root','New book','new',NULL,'[]');
INSERT INTO "journal" VALUES(2,'2026-11-28T10:28:27.512+00:00','root','Rename funder','do',NULL,'[{"list":"funders","key":"pcc","before":{"key":"pcc","name":"The Commissioner","ultimate_source":"moj","contacts":[{"name":"Ann","email":"ann@example.org"}],"notes":""},"after":{"key":"pcc","name":"The Mayor","ultimate_source":"moj","contacts":[{"name":"Ann","email":"ann@example.org"}],"notes":""}}]');
INSERT INTO "journal" VALUES(3,'2026-11-28T10:28:27.545+00:00','root','Rename funder','undo',2,'[{"list":"funders","key":"pcc","before":{"key":"pcc","name":"The Mayor","ultimate_source":"moj","contacts":[{"name":"Ann","email":"ann@example.org"}],"notes":""},"after":{"key":"pcc","name":"The Commissioner","ultimate_source":"moj","contacts":[{"name":"Ann","email":"ann@example.org"}],"notes":""}}]');
CREATE TABLE organisation (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	nation TEXT NOT NULL, 
	balances TEXT NOT NULL, 
	charity_number TEXT, 
	company_number TEXT, 
	giving_prefix TEXT, 
	year_start_month INTEGER, 
	employment_allowance BOOLEAN, 
	reserves_policy TEXT, 
	consultation_days INTEGER, 
	board_meetings TEXT, 
	paper_days INTEGER, 
	reminder_days TEXT, 
	thresholds TEXT, 
	CONSTRAINT pk_organisation PRIMARY KEY ("key")
);
INSERT INTO "organisation" VALUES('organisation',1024,'Harbour Support','england-and-wales','{"as_at":"2026-04-01","cash":"0.01","total_funds":"-0.01"}','1000001',NULL,NULL,4,0,'{"kind":"months","value":"2.5"}',NULL,'["2026-09-01","2026-12-01"]',NULL,'[30,7,1]','{"evidence_fades":45,"public_days":90,"silent_cliff":"750.00"}');
CREATE TABLE posts (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	service TEXT, 
	establishment TEXT, 
	fte TEXT NOT NULL, 
	salary INTEGER NOT NULL, 
	weekly_hours TEXT, 
	pension TEXT, 
	nic_category TEXT, 
	start DATE NOT NULL, 
	"end" DATE, 
	contract TEXT, 
	status TEXT, 
	vacancies TEXT, 
	notice_served_on DATE, 
	notice TEXT, 
	pay_changes TEXT, 
	person TEXT, 
	CONSTRAINT pk_posts PRIMARY KEY ("key"), 
	CONSTRAINT fk_posts_service FOREIGN KEY(service) REFERENCES services ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "posts" VALUES('p1',1024,'Adviser','advice',NULL,'0.6',3000001,'22.5','{"basis":"qualifying","opted_in":true,"percent":"3"}',NULL,'2020-02-29',NULL,NULL,NULL,'[{"from":"2026-05-01","to":"2026-05-31"}]',NULL,'{"weeks":4}','[{"from":"2027-04-01","percent":"-0.5"}]','{"born":"1980-01-02","enhanced":{"multiplier":"1.5"},"reference":"A7"}');
INSERT INTO "posts" VALUES('p2',2048,'Manager',NULL,NULL,'1',0,NULL,NULL,NULL,'2021-01-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE rates (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	nation TEXT NOT NULL, 
	"from" DATE NOT NULL, 
	"to" DATE, 
	value TEXT NOT NULL, 
	source TEXT, 
	CONSTRAINT pk_rates PRIMARY KEY ("key")
);
INSERT INTO "rates" VALUES('srp.week_cap|great-britain|2027-04-06',1024,'srp.week_cap','great-britain','2027-04-06',NULL,'750',NULL);
CREATE TABLE returns (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	award TEXT NOT NULL, 
	period TEXT NOT NULL, 
	template TEXT, 
	status TEXT, 
	submitted_on DATE, 
	file_sha256 TEXT, 
	figures TEXT, 
	CONSTRAINT pk_returns PRIMARY KEY ("key"), 
	CONSTRAINT fk_returns_award FOREIGN KEY(award) REFERENCES awards ("key") DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO "returns" VALUES('r1',1024,'courts','2026-27 Q1',NULL,NULL,NULL,NULL,'{"pay":{"spent":"1.10"}}');
CREATE TABLE scenarios (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	now TEXT, 
	want TEXT, 
	how TEXT, 
	edits TEXT, 
	CONSTRAINT pk_scenarios PRIMARY KEY ("key")
);
INSERT INTO "scenarios" VALUES('s1',1024,'Without the renewal',NULL,NULL,NULL,'[{"after":{"key":"moj","name":"MoJ"},"at":0,"key":"moj","list":"funders"}]');
CREATE TABLE services (
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	area TEXT, 
	people_supported INTEGER, 
	people_waiting INTEGER, 
	CONSTRAINT pk_services PRIMARY KEY ("key")
);
INSERT INTO "services" VALUES('advice',1024,'Advice',NULL,0,NULL);
CREATE INDEX ix_organisation_place ON organisation (place);
CREATE INDEX ix_funders_ultimate_source ON funders (ultimate_source);
CREATE INDEX ix_funders_place ON funders (place);
CREATE INDEX ix_services_place ON services (place);
CREATE INDEX ix_scenarios_place ON scenarios (place);
CREATE INDEX ix_rates_place ON rates (place);
CREATE INDEX ix_awards_funder ON awards (funder);
CREATE INDEX ix_awards_service ON awards (service);
CREATE INDEX ix_awards_renewal_of ON awards (renewal_of);
CREATE INDEX ix_awards_place ON awards (place);
CREATE INDEX ix_posts_service ON posts (service);
CREATE INDEX ix_posts_place ON posts (place);
CREATE INDEX ix_costs_place ON costs (place);
CREATE INDEX ix_costs_service ON costs (service);
CREATE INDEX ix_allocations_post ON allocations (post);
CREATE INDEX ix_allocations_award ON allocations (award);
CREATE INDEX ix_allocations_cost ON allocations (cost);
CREATE INDEX ix_allocations_place ON allocations (place);
CREATE INDEX ix_actuals_award ON actuals (award);
CREATE INDEX ix_actuals_place ON actuals (place);
CREATE INDEX ix_indicators_place ON indicators (place);
CREATE INDEX ix_indicators_award ON indicators (award);
CREATE INDEX ix_deadlines_award ON deadlines (award);
CREATE INDEX ix_deadlines_post ON deadlines (post);
CREATE INDEX ix_deadlines_place ON deadlines (place);
CREATE INDEX ix_evidence_place ON evidence (place);
CREATE INDEX ix_evidence_award ON evidence (award);
CREATE INDEX ix_returns_award ON returns (award);
CREATE INDEX ix_returns_place ON returns (place);
COMMIT;
