/* SPDX-License-Identifier: Apache-2.0 */
/* The list of store test suites: SUITE(name) is run as suite_name(). */

SUITE(migrate)
SUITE(values)
SUITE(link)
SUITE(link_life)
SUITE(read_lane)
SUITE(shared_reads)
SUITE(keys)
SUITE(rules)
SUITE(statements)
SUITE(stretches)
SUITE(flip)
SUITE(jobs)
SUITE(sizes)
SUITE(jobs_beside_writers)
SUITE(qualify_jobs)
