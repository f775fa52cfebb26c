-- Tables like the service's own, with the same indexes, that the peers write to without being in its way.
CREATE SCHEMA bench;
CREATE TABLE bench.organisation (LIKE organisation INCLUDING ALL);
CREATE TABLE bench.revenue (LIKE revenue INCLUDING ALL);
CREATE TABLE bench.standing (LIKE standing INCLUDING ALL)
