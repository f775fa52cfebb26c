/* SPDX-License-Identifier: Apache-2.0 */
/* Runs every suite of suites.h against the PostgreSQL of DATABASE_URL, in databases it makes for itself. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <sweetspot/log.h>

#include "support.h"

#define SUITE(name) Suite *suite_##name(void);
#include "suites.h"
#undef SUITE

static Suite *(*const suites[])(void) = {
#define SUITE(name) suite_##name,
#include "suites.h"
#undef SUITE
};

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int failed;

	if (getenv("DATABASE_URL") == NULL) {
		fputs("DATABASE_URL is not set: run through tests/with-postgres\n", stderr);
		return EXIT_FAILURE;
	}
	log_set_level(LOG_ERROR);
	prepare_database();
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
