// Intent: a static function may have the name of one of libc's whose header is not included; calls and addresses of it stay.
// RUN: %rewritten %s %t && %check %s --allow-empty < %t.changes
// RUN: %cohook audit %s | grep -x '0 sites.*'
static int poll(int x);
static int (*const poller)(int) = poll;

static int poll(int x)
{
	return x ? poll(x - 1) : 0;
}

int go(int x)
{
	return poll(x) + poller(x);
}
// CHECK-NOT:{{.}}
