/*
 * deny RULE... -- COMMAND...: runs a command whose system calls are denied as a container's seccomp profile does it.
 *
 * A RULE is CALL=ERROR, such as mlock=EPERM, or madvise:ADVICE=ERROR for one advice, such as madvise:16=ENOSYS.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what, const char *why) {
  fprintf(stderr, "deny: %s: %s\n", what, why);
  return 2;
}

static int error_number(const char *name) {
  if (strcmp(name, "EPERM") == 0) return EPERM;
  if (strcmp(name, "ENOSYS") == 0) return ENOSYS;
  if (strcmp(name, "EINVAL") == 0) return EINVAL;
  return 0;
}

static int add(scmp_filter_ctx filter, char *rule) {
  char *error = strchr(rule, '=');
  if (error == NULL || error_number(error + 1) == 0) return fail(rule, "expected CALL=EPERM, =ENOSYS or =EINVAL");
  *error++ = 0;
  char *advice = strchr(rule, ':');
  if (advice != NULL) *advice++ = 0;
  int call = seccomp_syscall_resolve_name(rule);
  if (call == __NR_SCMP_ERROR) return fail(rule, "libseccomp does not know this call");
  unsigned action = SCMP_ACT_ERRNO(error_number(error));
  int result = advice == NULL ? seccomp_rule_add(filter, action, call, 0)
                              : seccomp_rule_add(filter, action, call, 1, SCMP_A2(SCMP_CMP_EQ, strtoul(advice, NULL, 10)));
  return result == 0 ? 0 : fail(rule, strerror(-result));
}

int main(int count, char **words) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == NULL) return fail("seccomp_init", "no memory");
  int at = 1;
  for (; at < count && strcmp(words[at], "--") != 0; at++) {
    int result = add(filter, words[at]);
    if (result != 0) return result;
  }
  if (at + 1 >= count) return fail("usage", "deny RULE... -- COMMAND...");
  int loaded = seccomp_load(filter);
  if (loaded != 0) return fail("seccomp_load", strerror(-loaded));
  execvp(words[at + 1], words + at + 1);
  return fail(words[at + 1], strerror(errno));
}
