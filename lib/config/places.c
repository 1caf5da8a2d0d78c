#include "config/places.h"

const char places_directory[] = DOORWARD_SYSCONFDIR;
const char places_settings[] = DOORWARD_SYSCONFDIR "/doorward.conf";
const char places_command[] = DOORWARD_PREFIX "/bin/doorward";
