import { existsSync, writeFileSync } from "node:fs";

/**
 * Dynoxide 1.2 keeps every stream record for ever, and finds the number of the next one by reading them all: its writes fall from
 * 800 to 100 a second within ten thousand changes. It makes its tables only where they are missing, so we lay the file with this
 * one table before the first start, with an index that answers both of its questions and a trigger that forgets after a day, as
 * DynamoDB does. Npm has no SQLite that runs on Node 20 without a build step, and an empty file needs none: four pages.
 */
const RECORDS = `CREATE TABLE _stream_records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  event_name TEXT NOT NULL,
  keys_json TEXT NOT NULL,
  new_image TEXT,
  old_image TEXT,
  sequence_number TEXT NOT NULL,
  shard_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  user_identity TEXT
)`;
const SEQUENCE = "CREATE TABLE sqlite_sequence(name,seq)";
const INDEX = "CREATE INDEX omoi_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

// The newest record stays, so the numbers never start again. Each run forgets twice as many as came since, and costs the same.
const TRIM = `CREATE TRIGGER omoi_stream_trim AFTER INSERT ON _stream_records WHEN NEW.id % 500 = 0 BEGIN
  DELETE FROM _stream_records WHERE id IN (SELECT id FROM _stream_records ORDER BY id LIMIT 1000) AND created_at < NEW.created_at - 86400;
END`;

type SchemaRow = [type: string, name: string, table: string, rootPage: number, sql: string];

const SCHEMA: SchemaRow[] = [
  ["table", "_stream_records", "_stream_records", 2, RECORDS],
  ["table", "sqlite_sequence", "sqlite_sequence", 3, SEQUENCE],
  ["index", "omoi_stream_order", "_stream_records", 4, INDEX],
  ["trigger", "omoi_stream_trim", "_stream_records", 0, TRIM],
];

const PAGE_BYTES = 4096;
const TABLE_LEAF = 0x0d;
const INDEX_LEAF = 0x0a;
const HEADER_BYTES = 100;
const NODE_BYTES = 8;

/** Lays the database file with an indexed table of stream records; leaves a file that is there alone. */
export function seedDatabase(path: string): void {
  if (!existsSync(path)) writeFileSync(path, emptyDatabase(), { mode: 0o600 });
}

function emptyDatabase(): Buffer {
  const [schema, records, sequence, index] = [page(), page(), page(), page()];
  writeHeader(schema, 4);
  writeLeaf(schema, HEADER_BYTES, TABLE_LEAF, SCHEMA.map(schemaCell));
  writeLeaf(records, 0, TABLE_LEAF, []);
  writeLeaf(sequence, 0, TABLE_LEAF, []);
  writeLeaf(index, 0, INDEX_LEAF, []);
  return Buffer.concat([schema, records, sequence, index]);
}

const page = () => Buffer.alloc(PAGE_BYTES);

/** The 100 bytes at the head of an SQLite 3 file (sqlite.org/fileformat2.html, section 1.3). */
function writeHeader(target: Buffer, pages: number): void {
  target.write("SQLite format 3\0", 0, "latin1");
  target.writeUInt16BE(PAGE_BYTES, 16);
  target.set([1, 1, 0, 64, 32, 32], 18); // journal mode read and write, no reserved bytes, the three fixed payload fractions
  target.writeUInt32BE(1, 24); // change counter
  target.writeUInt32BE(pages, 28);
  target.writeUInt32BE(1, 40); // schema cookie
  target.writeUInt32BE(4, 44); // schema format
  target.writeUInt32BE(1, 56); // UTF-8
  target.writeUInt32BE(1, 92); // the change counter that the page count is valid for
  target.writeUInt32BE(3_040_000, 96); // version of SQLite
}

/** A leaf of a b-tree (section 1.6): its head, the places of its cells, and the cells at the page's end. */
function writeLeaf(target: Buffer, start: number, type: number, cells: Buffer[]): void {
  let end = PAGE_BYTES;
  for (const [place, cell] of cells.entries()) {
    end -= cell.length;
    cell.copy(target, end);
    target.writeUInt16BE(end, start + NODE_BYTES + 2 * place);
  }
  target.writeUInt8(type, start);
  target.writeUInt16BE(cells.length, start + 3);
  target.writeUInt16BE(end, start + 5);
}

function schemaCell([type, name, table, rootPage, sql]: SchemaRow, place: number): Buffer {
  const texts = [type, name, table].map((text) => Buffer.from(text));
  const statement = Buffer.from(sql);
  const types = [...texts.map(textType), varint(1), textType(statement)]; // 1: an integer of one byte
  const headLength = types.reduce((sum, bytes) => sum + bytes.length, 1);
  const payload = Buffer.concat([varint(headLength), ...types, ...texts, Buffer.from([rootPage]), statement]);
  return Buffer.concat([varint(payload.length), varint(place + 1), payload]);
}

const textType = (text: Buffer) => varint(13 + 2 * text.length);

/** SQLite's variable-length integer, for values below 2^14. */
function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.from([0x80 | (value >> 7), value & 0x7f]);
}
