#!/bin/sh
# db-1: orders between the two backups, so that the newest and the oldest differ.
set -eu
runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -d orders <<'END'
set role app;
insert into orders (customer, item, amount)
select 1 + n % 4999, 'item ' || n % 97, 1 + n % 300
from generate_series(1, 10000) n
where (select count(*) from orders) < 60000;
END
