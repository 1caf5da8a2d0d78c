/*
 * For `make portable` only: what a program without shared libraries must do
 * without, or do by itself.
 *
 * libpq can speak Kerberos and LDAP. Debian has their libraries as shared ones
 * only, and nobody needs them to reach a database on the same host: here they
 * answer that they cannot. glibc looks up names of hosts and users by loading
 * shared libraries of exactly its own version, and another host has another
 * one: here hosts are numeric addresses, and users and groups are those of
 * /etc/passwd and /etc/group. The linker puts each __wrap_ function in the
 * place of the original (--wrap); tools/portable/README.md says why so.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- hosts: numeric addresses only ---- */

int __wrap_getaddrinfo(const char *node, const char *service,
		       const struct addrinfo *hints, struct addrinfo **list);
void __wrap_freeaddrinfo(struct addrinfo *list);
const char *__wrap_gai_strerror(int code);
struct hostent *__wrap_gethostbyname(const char *name);

struct address {
	struct addrinfo info;
	struct sockaddr_storage storage;
};

static bool
set_address(struct address *a, const char *node, in_port_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&a->storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a->storage;

	if (inet_pton(AF_INET, node, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = port;
		a->info.ai_addrlen = sizeof(*v4);
	} else if (inet_pton(AF_INET6, node, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = port;
		a->info.ai_addrlen = sizeof(*v6);
	} else {
		return false;
	}
	a->info.ai_family = a->storage.ss_family;
	a->info.ai_addr = (struct sockaddr *)&a->storage;
	return true;
}

int
__wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		   struct addrinfo **list)
{
	char *end = NULL;
	long port = service == NULL ? 0 : strtol(service, &end, 10);
	struct address *a;

	if (node == NULL || port < 0 || port > 65535 || (end != NULL && *end != '\0'))
		return EAI_NONAME;
	if ((a = calloc(1, sizeof(*a))) == NULL)
		return EAI_MEMORY;
	if (!set_address(a, node, htons((in_port_t)port))) {
		free(a);
		return EAI_NONAME;
	}
	a->info.ai_socktype = hints == NULL ? SOCK_STREAM : hints->ai_socktype;
	a->info.ai_protocol = hints == NULL ? 0 : hints->ai_protocol;
	*list = &a->info;
	return 0;
}

void
__wrap_freeaddrinfo(struct addrinfo *list)
{
	free(list);
}

const char *
__wrap_gai_strerror(int code)
{
	return code == EAI_MEMORY
		       ? "no memory"
		       : "this portable program knows no names of hosts: give the "
			 "database's socket directory or numeric address";
}

struct hostent *
__wrap_gethostbyname(const char *name)
{
	(void)name;
	return NULL;
}

/* ---- users and groups: of the files only ---- */

int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *bytes, size_t size,
		      struct passwd **found);
struct passwd *__wrap_getpwuid(uid_t uid);
struct passwd *__wrap_getpwnam(const char *name);
struct group *__wrap_getgrnam(const char *name);
struct group *__wrap_getgrgid(gid_t gid);

int
__wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *bytes, size_t size,
		  struct passwd **found)
{
	FILE *f = fopen("/etc/passwd", "re");
	int e;

	*found = NULL;
	if (f == NULL)
		return errno == ENOENT ? 0 : errno;
	do
		e = fgetpwent_r(f, entry, bytes, size, found);
	while (e == 0 && entry->pw_uid != uid);
	fclose(f);
	if (e != 0)
		*found = NULL;
	return e == ENOENT ? 0 : e;
}

struct passwd *
__wrap_getpwuid(uid_t uid)
{
	static struct passwd entry;
	static char bytes[4096];
	struct passwd *found;

	return __wrap_getpwuid_r(uid, &entry, bytes, sizeof(bytes), &found) == 0 ? found
										 : NULL;
}

struct passwd *
__wrap_getpwnam(const char *name)
{
	static struct passwd entry;
	static char bytes[4096];
	struct passwd *found = NULL;
	FILE *f = fopen("/etc/passwd", "re");
	int e;

	if (f == NULL)
		return NULL;
	do
		e = fgetpwent_r(f, &entry, bytes, sizeof(bytes), &found);
	while (e == 0 && strcmp(entry.pw_name, name) != 0);
	fclose(f);
	return e == 0 ? found : NULL;
}

/* The group called `name`, or with NULL the one of `gid`. */
static struct group *
find_group(const char *name, gid_t gid)
{
	static struct group entry;
	static char bytes[16384];
	struct group *found = NULL;
	FILE *f = fopen("/etc/group", "re");
	int e;

	if (f == NULL)
		return NULL;
	do
		e = fgetgrent_r(f, &entry, bytes, sizeof(bytes), &found);
	while (e == 0 &&
	       (name != NULL ? strcmp(entry.gr_name, name) != 0 : entry.gr_gid != gid));
	fclose(f);
	return e == 0 ? found : NULL;
}

struct group *
__wrap_getgrnam(const char *name)
{
	return find_group(name, 0);
}

struct group *
__wrap_getgrgid(gid_t gid)
{
	return find_group(NULL, gid);
}

/* ---- modules of OpenSSL ---- */

void *__wrap_dlopen(const char *file, int mode);

void *
__wrap_dlopen(const char *file, int mode)
{
	(void)file;
	(void)mode;
	return NULL;
}

/* ---- Kerberos (RFC 2744): no credentials, so libpq does not try ---- */

#define GSS_FAILURE (13u << 16)

#define KERBEROS(name)                                                                   \
	uint32_t name(uint32_t *minor);                                                  \
	uint32_t name(uint32_t *minor)                                                   \
	{                                                                                \
		if (minor != NULL)                                                       \
			*minor = 0;                                                      \
		return GSS_FAILURE;                                                      \
	}

extern void *GSS_C_NT_HOSTBASED_SERVICE;
void *GSS_C_NT_HOSTBASED_SERVICE;

KERBEROS(gss_acquire_cred)
KERBEROS(gss_delete_sec_context)
KERBEROS(gss_display_status)
KERBEROS(gss_import_name)
KERBEROS(gss_init_sec_context)
KERBEROS(gss_release_buffer)
KERBEROS(gss_release_cred)
KERBEROS(gss_release_name)
KERBEROS(gss_unwrap)
KERBEROS(gss_wrap)
KERBEROS(gss_wrap_size_limit)

/* ---- LDAP, which a service file of libpq may name: no such server ---- */

#define LDAP_NOTHING(name)                                                               \
	void *name(void);                                                                \
	void *name(void)                                                                 \
	{                                                                                \
		return NULL;                                                             \
	}
#define LDAP_FAILURE(name)                                                               \
	int name(void);                                                                  \
	int name(void)                                                                   \
	{                                                                                \
		return -1;                                                               \
	}

LDAP_NOTHING(ldap_first_entry)
LDAP_NOTHING(ldap_get_values_len)
LDAP_NOTHING(ldap_init)
LDAP_NOTHING(ldap_value_free_len)
LDAP_FAILURE(ldap_count_entries)
LDAP_FAILURE(ldap_msgfree)
LDAP_FAILURE(ldap_result)
LDAP_FAILURE(ldap_search_st)
LDAP_FAILURE(ldap_set_option)
LDAP_FAILURE(ldap_simple_bind)
LDAP_FAILURE(ldap_unbind)

const char *ldap_err2string(int code);

const char *
ldap_err2string(int code)
{
	(void)code;
	return "this portable program has no LDAP";
}
