/* SPDX-License-Identifier: Apache-2.0 */
/* A CSV import, its options in the first bytes: the same rows come out wherever the input is cut. */
#include "fuzz_intake.h"

/** Byte 0: kind and row_bytes; byte 1: decimal, charset, extra, delimiter, map, values; byte 2: bytes a piece. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = {0, ',', ';', '\t'};
	struct fuzz_input input = {data, size};
	unsigned what = fuzz_byte(&input);
	unsigned how = fuzz_byte(&input);
	size_t step = fuzz_byte(&input);
	enum record_kind kind = (enum record_kind)(what % RECORD_KINDS);
	struct import_options options = {
		.format = IMPORT_CSV,
		.decimal = (how & 1) != 0 ? ',' : '.',
		.latin1 = (how & 2) != 0,
		.extra = (how & 4) == 0               ? IMPORT_EXTRA_REFUSE
		         : kind == RECORD_ORGANISATION ? IMPORT_EXTRA_ATTRIBUTES
		                                       : IMPORT_EXTRA_IGNORE,
		.delimiter = delimiters[how >> 3 & 3],
		.map = (how & 32) != 0 ? TEXT("a:id") : TEXT(""),
		.values = (how & 64) != 0 ? TEXT("id.x:y,id.z:") : TEXT(""),
		.row_bytes = what < 128 ? 4096 : 16,
	};

	fuzz_check_import(kind, &options, input, step);
	return 0;
}
