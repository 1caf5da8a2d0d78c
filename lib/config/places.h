/*
 * Where this installation has its parts. Only places.c knows what make was told (PREFIX and
 * SYSCONFDIR), so that `make install` with other values compiles no more than that file.
 */
#ifndef PLACES_H
#define PLACES_H

extern const char places_directory[]; /* of the settings, like "/etc/doorward" */
extern const char places_settings[];  /* the file that is read by default */
extern const char places_command[];   /* the operator's command */

#endif
