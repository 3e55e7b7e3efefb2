// Intent: a source without any blocking call gives totals of nothing and status 0.
// RUN: %cohook audit %s | FileCheck --match-full-lines %s
int nothing(void)
{
	return 0;
}
// CHECK-NOT: {{.*}}: {{.*}}: {{.*}}
// CHECK: 0 sites: 0 rewritten, 0 kept, 0 without a mirror
