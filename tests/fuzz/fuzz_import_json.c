/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON or NDJSON import, its options in the first bytes: the same rows come out wherever the input is cut. */
#include "fuzz_intake.h"

/** Byte 0: kind and row_bytes; byte 1: format, extra, map, values; byte 2: bytes a piece. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	unsigned what = fuzz_byte(&input);
	unsigned how = fuzz_byte(&input);
	size_t step = fuzz_byte(&input);
	enum record_kind kind = (enum record_kind)(what % RECORD_KINDS);
	struct import_options options = {
		.format = (how & 1) != 0 ? IMPORT_NDJSON : IMPORT_JSON,
		.decimal = '.',
		.extra = (how & 2) == 0               ? IMPORT_EXTRA_REFUSE
		         : kind == RECORD_ORGANISATION ? IMPORT_EXTRA_ATTRIBUTES
		                                       : IMPORT_EXTRA_IGNORE,
		.map = (how & 4) != 0 ? TEXT("a:id,c:currency") : TEXT(""),
		.values = (how & 8) != 0 ? TEXT("id.x:y,id.z:,source_at.now:2026-01-01T00:00:00Z") : TEXT(""),
		.row_bytes = what < 128 ? 4096 : 16,
	};

	fuzz_check_import(kind, &options, input, step);
	return 0;
}
