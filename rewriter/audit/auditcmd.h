/* auditcmd.h - `cohook audit`, and `cohook audit-unit`, which the wrapper calls. */
#ifndef COHOOK_AUDIT_AUDITCMD_H
#define COHOOK_AUDIT_AUDITCMD_H

enum audit_status {
	AUDIT_FINE = 0,
	AUDIT_TROUBLE = 1, /* a unit, a file or the build */
	AUDIT_USAGE = 2,
	AUDIT_GATE = 3, /* there is what --fail-on names */
};

/* Both take the words behind "cohook", of which the first is the command's name, and give
 * the exit status. */
int auditcmd_run(int argc, char **argv);
int auditcmd_unit(int argc, char **argv);

#endif
