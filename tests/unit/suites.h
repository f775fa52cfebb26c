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
SUITE(decimal)
SUITE(clock)
SUITE(log)
SUITE(digest)
SUITE(problem)
SUITE(loop)
SUITE(desk)
SUITE(settings)
SUITE(metrics)

/* intake */
SUITE(intake_json)
SUITE(intake_record)
SUITE(intake_csv)
SUITE(intake_import)

/* core */
SUITE(record)
SUITE(merge)
SUITE(merge_rules)
SUITE(share)
SUITE(select)
SUITE(elements)
SUITE(criteria)
SUITE(qualification)
SUITE(qualification_laws)
SUITE(measures)
SUITE(score)
SUITE(review)
SUITE(let_go)
SUITE(wide)
SUITE(bands)
SUITE(band_laws)
SUITE(band_figures)
SUITE(crossing)
SUITE(pipeline)

/* store */
SUITE(policy_document)
SUITE(subject)

/* http */
SUITE(http_path)
SUITE(http_header)
SUITE(http_query)
SUITE(list_cursor)
SUITE(list_columns)
SUITE(list_plan)
SUITE(would_change)
SUITE(text_map)
SUITE(book_pack)
SUITE(first_few)
