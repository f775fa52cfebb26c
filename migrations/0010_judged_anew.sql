-- Keep scores of active accounts without a tier, and the operator `all` of criteria, are not as they were: books that stand are gone through once.

UPDATE workspace SET judged = false;
