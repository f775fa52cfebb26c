/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that nobody may call here; the build includes this before every file (the idea is git's banned.h). */
#ifndef SWEETSPOT_BANNED_H
#define SWEETSPOT_BANNED_H

/* Their declarations must have been read before their names are taken away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* An undeclared name, so that the compiler's message says what is wrong. */
#define BANNED(function) sorry_##function##_is_banned

/* No bound on what is written: text_format, buffer_append_format, snprintf, memcpy. */
#undef strcpy
#define strcpy(...) BANNED(strcpy)
#undef strcat
#define strcat(...) BANNED(strcat)
#undef strncpy
#define strncpy(...) BANNED(strncpy)
#undef strncat
#define strncat(...) BANNED(strncat)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(...) BANNED(gets)

/* Hidden state that threads share: strtok_r, gmtime_r, or calendar.h. */
#undef strtok
#define strtok(...) BANNED(strtok)
#undef gmtime
#define gmtime(...) BANNED(gmtime)
#undef localtime
#define localtime(...) BANNED(localtime)
#undef asctime
#define asctime(...) BANNED(asctime)
#undef ctime
#define ctime(...) BANNED(ctime)

/* No way to tell a wrong number from 0: number_parse, strtol with errno. */
#undef atoi
#define atoi(...) BANNED(atoi)
#undef atol
#define atol(...) BANNED(atol)
#undef atoll
#define atoll(...) BANNED(atoll)
#undef atof
#define atof(...) BANNED(atof)

/* No failure, only a crash: the request's arena. */
#undef alloca
#define alloca(...) BANNED(alloca)

#endif
