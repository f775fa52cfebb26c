/* SPDX-License-Identifier: Apache-2.0 */
/* The list of unit test suites, room by room: SUITE(name) is run as suite_name(). */

/* base */
SUITE(status)
SUITE(text)
SUITE(arena)
SUITE(buffer)
SUITE(json_writer)
SUITE(calendar)
SUITE(number)
SUITE(clock)
SUITE(log)
SUITE(digest)
SUITE(problem)
SUITE(loop)
SUITE(settings)
SUITE(metrics)
