#include "schema.h"

#include <array>
#include <cstddef>
#include <string>

#include "sqlite.h"

namespace strongroom::store {
namespace {

// One entry a version; entries are never edited once released, only added.
constexpr std::array<const char*, schema_version> migrations{
    // 1: customers, lockers, counters, codes and the audit.
    R"sql(
CREATE TABLE store (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    store_id  BLOB NOT NULL,
    key_check BLOB NOT NULL
) STRICT;
CREATE TABLE clock (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    running INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    seal    BLOB NOT NULL
) STRICT;
CREATE TABLE customers (
    id    INTEGER PRIMARY KEY,
    name  BLOB NOT NULL,
    phone BLOB NOT NULL
) STRICT;
CREATE TABLE templates (
    id       INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL REFERENCES customers (id),
    features BLOB NOT NULL
) STRICT;
CREATE INDEX templates_of ON templates (customer);
CREATE TABLE lockers (
    id INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE holders (
    locker   INTEGER NOT NULL REFERENCES lockers (id),
    customer INTEGER NOT NULL REFERENCES customers (id),
    seal     BLOB NOT NULL,
    PRIMARY KEY (locker, customer)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
    customer      INTEGER PRIMARY KEY REFERENCES customers (id),
    failures      INTEGER NOT NULL,
    holds         INTEGER NOT NULL,
    penalty       INTEGER NOT NULL,
    unproven      INTEGER NOT NULL,
    unproven_left INTEGER NOT NULL,
    codes         INTEGER NOT NULL,
    codes_left    INTEGER NOT NULL,
    as_of         INTEGER NOT NULL,
    seal          BLOB NOT NULL
) STRICT;
CREATE TABLE codes (
    id       INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL,
    session  INTEGER NOT NULL,
    terminal INTEGER NOT NULL,
    customer INTEGER NOT NULL REFERENCES customers (id),
    locker   INTEGER NOT NULL,
    purpose  INTEGER NOT NULL,
    issued   INTEGER NOT NULL,
    lifetime INTEGER NOT NULL,
    state    INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3)
) STRICT;
CREATE TABLE audit (
    sequence      INTEGER PRIMARY KEY,
    wall          INTEGER NOT NULL,
    kind          INTEGER NOT NULL,
    session       INTEGER NOT NULL,
    terminal      INTEGER NOT NULL,
    customer      INTEGER NOT NULL,
    locker        INTEGER NOT NULL,
    detail        INTEGER NOT NULL,
    state         BLOB,
    authenticator BLOB NOT NULL
) STRICT;
)sql",
    // 2: caps on codes per terminal; one live code a session.
    R"sql(
CREATE TABLE terminals (
    id         INTEGER PRIMARY KEY,
    codes      INTEGER NOT NULL,
    codes_left INTEGER NOT NULL,
    as_of      INTEGER NOT NULL,
    seal       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX live_codes ON codes (session) WHERE state = 1;
)sql",
    // 3: fingers.
    R"sql(
CREATE TABLE fingers (
    id        INTEGER PRIMARY KEY,
    customer  INTEGER NOT NULL REFERENCES customers (id),
    reference BLOB NOT NULL
) STRICT;
CREATE INDEX fingers_of ON fingers (customer);
)sql",
    // 4: staff.
    R"sql(
CREATE TABLE staff (
    id       INTEGER PRIMARY KEY,
    name     BLOB NOT NULL,
    verifier BLOB NOT NULL
) STRICT;
)sql",
    // 5: authenticators, one a customer at most.
    R"sql(
CREATE TABLE authenticators (
    customer INTEGER PRIMARY KEY REFERENCES customers (id),
    secret   BLOB NOT NULL
) STRICT;
)sql",
};

}  // namespace

Result<void> migrate(sqlite3* connection, int version) {
    for (auto next = static_cast<std::size_t>(version); next < migrations.size(); ++next) {
        if (auto done = execute(connection, migrations[next]); !done) return done;
    }
    const std::string marks = "PRAGMA application_id = " + std::to_string(application_id) +
                              "; PRAGMA user_version = " + std::to_string(schema_version) + ";";
    return execute(connection, marks.c_str());
}

}  // namespace strongroom::store
