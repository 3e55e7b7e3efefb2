# shellcheck shell=sh disable=SC2154
# sqlite3: autotools without automake, programs that are built to make sources, one very large unit.
needs() { need tclsh; }
configure() { ./configure CC="$CC" CFLAGS='-O1 -g' --disable-tcl; }
build() { make -j2 sqlite3; }
smoke() {
	sum='select count(*), sum(n) from t;'
	rows='with recursive c(n) as (select 1 union all select n + 1 from c where n < 50000)'
	rm -f t.db
	[ "$(./sqlite3 t.db 'pragma journal_mode=wal; create table t(n);' \
		"insert into t $rows select n from c; $sum")" = "wal
50000|1250025000" ]
	[ "$(./sqlite3 t.db "vacuum; pragma integrity_check; $sum")" = "ok
50000|1250025000" ]
}
