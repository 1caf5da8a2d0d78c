/*
 * The power to show pages. NULL where the program does not name power_pages.
 */
#ifndef PAGE_POWER_H
#define PAGE_POWER_H

#include "page/page.h"
#include "serve/power.h"

extern const struct power power_pages;

struct pages *app_pages(const struct app *app);

#endif
