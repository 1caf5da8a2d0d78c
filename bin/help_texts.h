/*
 * The longer help texts of the subcommands.
 */
#ifndef HELP_TEXTS_H
#define HELP_TEXTS_H

extern const char config_details[];
extern const char db_details[];
extern const char setup_link_details[];
extern const char user_details[];
extern const char role_details[];
extern const char client_details[];
extern const char mail_details[];
extern const char session_details[];
extern const char audit_details[];
extern const char metrics_details[];
extern const char status_details[];
extern const char revocations_details[];
extern const char doctor_details[];
extern const char rules_details[];
extern const char pages_details[];
extern const char key_details[];
extern const char token_details[];
extern const char jws_details[];
extern const char jwe_details[];
extern const char passkey_details[];

#endif
