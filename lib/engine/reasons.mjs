/** Errors of DuckDB whose own words are pages long, or advise what is not possible here. The first that matches counts.
 * @type {[pattern: RegExp, sentence: (...groups: string[]) => string][]} */
const kinds = [
  [/^Maximum call stack size exceeded/, () => "The query or its result is nested too deeply."],
  [
    /^.*?CSV Error on Line: (\d+)\n.*?Error when converting column "(.*?)"\. Could not convert string "(.*?) to '(\w+).*\n {2}file = (.*?)\n/s,
    (line, column, value, type, file) =>
      `${file}, line ${line}: the ${column} ${short(value)} is not of the type ${type}. To read it as text, write ${reader(file, `types = {${quoted(column)}: 'VARCHAR'}`)}.`,
  ],
  [
    /CSV Error on Line: (\d+)\n.*\nExpected Number of Columns: (\d+) Found: (\d+)\n.*\n {2}file = (.*?)\n/s,
    (line, expected, found, file) =>
      Number(found) < Number(expected)
        ? `${file}, line ${line} has ${found} of ${expected} values. To fill up with NULL, write ${reader(file, "null_padding = true")}.`
        : `${file}, line ${line} has ${found} values for ${expected} columns. Correct it, or leave such lines out: ${reader(file, "ignore_errors = true")}.`,
  ],
  [
    /CSV Error on Line: (\d+)\n.*Value with unterminated quote found.*\n {2}file = (.*?)\n/s,
    (line, file) =>
      `${file}, line ${line}: a quotation mark is not closed. Correct it, or read quotation marks as text: ${reader(file, "quote = ''")}.`,
  ],
  [
    /Maximum line size of (\d+) bytes exceeded.*max_line_size=(\d+)\n.*\n {2}file = (.*?)\n/s,
    (limit, wanted, file) =>
      `${file} has a line of more than ${limit} bytes. Write ${reader(file, `max_line_size = ${wanted}`)}.`,
  ],
  [
    /Error when sniffing file "(.*?)"\.\n|CSV Parser state machine.*\n {2}file = (.*?)\n/s,
    (sniffed, parsed) =>
      `${sniffed ?? parsed} is not clear CSV. Write how it is separated, for example ${reader(sniffed ?? parsed, "delim = ';', quote = '\"', header = true")}.`,
  ],
  [
    /CSV Error on Line: (\d+)\n(?:Original Line: .*?\n)?(.*?)\n.*\n {2}file = (.*?)\n/s,
    (line, what, file) => `${file}, line ${line}: ${what}`,
  ],
  [
    /does not support the encoding: |File is not \S+ encoded/,
    () => "Leave out the option encoding: UTF-8, UTF-16 and windows-1252 are recognised.",
  ],
  [
    /with name "?([^"\n]*?)"? is not in the catalog, but it exists in the (\w+) extension/,
    (name, extension) => `${name} belongs to the DuckDB extension ${extension}, which is not available here.`,
  ],
  [
    /^Missing Extension Error: (?:File (.*?) requires)?/,
    (file) => `${file ?? "This"} needs a DuckDB extension, which is not available here. ${ownFiles}`,
  ],
  [/No files found that match the pattern "(.*?)"/, (file) => `The repository has no data file ${file}.`],
  [/^Permission Error: Cannot access \w+ "(.*?)"/, (path) => `${path} cannot be read here. ${ownFiles}`],
  [
    /^Catalog Error: Table with name ([^\n]*\.\w{2,8}) does not exist!/,
    (file) =>
      `There is no table ${file}, and its name does not say how to read it: write ${reader(file)} or read_json(${quoted(file)}).`,
  ],
  [
    /^(Catalog Error: .*? does not exist!)\nDid you mean "(?:pg_|duckdb_|sqlite_|pragma_|information_schema)/,
    (sentence) => sentence,
  ],
];

const ownFiles = "A query reads the data files of its repository by name, for example 'rain.csv'.";

/** Shortens an error that contains a very long line, and keeps the name of the file at its end. @param {string} text */
export const condense = (text) => (text.length > 20_000 ? `${text.slice(0, 10_000)}\n${text.slice(-10_000)}` : text);

/** A sentence that can be followed here, or null. @param {string} text @returns {string | null} */
export function followableReason(text) {
  for (const [pattern, sentence] of kinds) {
    const match = pattern.exec(text);
    if (match) return sentence(...match.slice(1));
  }
  return null;
}

export const adviceStart =
  /\n(?:Please try|Possible |Alternatively|For more information|This error signals|See also|Stack Trace|It is possible that|\* )|\.? Use "SET /;

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

const reader = (file, options) => `read_csv(${quoted(file)}${options ? `, ${options}` : ""})`;

/** The quotation mark at the end is missing where DuckDB cuts invalid text. */
const short = (value) => `"${value.replace(/"$/, "").slice(0, 60)}"`;
