/** How many lists the coordinates of each type of GeoJSON are in. */
export const depths = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

/** Reads well-known text as GeoJSON, not yet checked, in time that grows with its length. Null for any other text.
 * @param {string} text */
export function geometryOfWkt(text) {
  const reader = new Reader(text.toUpperCase());
  reader.take(srid);
  const geometry = reader.geometry();
  return reader.hasFailed || !reader.isAtEnd() ? null : geometry;
}

const types = new Map([...Object.keys(depths), "GeometryCollection"].map((type) => [type.toUpperCase(), type]));

// A sign that fits two neighbours of a pattern would make long texts take time that grows with the square.
const srid = /\s*SRID=\d+;/y;
const head = new RegExp(String.raw`\s*(${[...types.keys()].join("|")})(?:\s*(ZM|Z|M))?\s*(?=\(|EMPTY)`, "y");
const empty = /\s*EMPTY(?![A-Z])/y;
const opening = /\s*\(/y;
const closing = /\s*\)/y;
const comma = /\s*,/y;
const number = String.raw`(?:NAN|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?)`;
const position = new RegExp(String.raw`\s*(${number}(?:\s+${number}){1,3})(?=\s*[,)])`, "y");
const end = /\s*$/y;

/** How many numbers a position may have. */
const sizes = { "": [2, 3, 4], Z: [3], M: [3], ZM: [4] };

class Reader {
  hasFailed = false;
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  isAtEnd() {
    return this.take(end) !== null;
  }

  /** Takes what the expression matches here, if it does. @param {RegExp} expression */
  take(expression) {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#text);
    if (match) this.#at = expression.lastIndex;
    return match;
  }

  geometry() {
    const match = this.take(head);
    if (!match) return this.#fail();
    const [, name, dimensions = ""] = match;
    const type = types.get(name);
    if (type !== "GeometryCollection") return { type, coordinates: this.#coordinates(type, depths[type], dimensions) };
    return { type, geometries: this.#list(() => this.geometry()) };
  }

  #coordinates(type, depth, dimensions) {
    if (depth > 1) return this.#list(() => this.#coordinates(type, depth - 1, dimensions));
    const inBrackets = () => this.#list(() => this.#position(dimensions));
    if (depth === 1 && type !== "MultiPoint") return inBrackets();
    const point = () => {
      const [first = [], ...others] = inBrackets();
      return others.length > 0 ? this.#fail() : first;
    };
    return depth === 0 ? point() : this.#list(() => this.#bare(dimensions) ?? point());
  }

  /** A list in parentheses, or EMPTY. @template T @param {() => T} readItem */
  #list(readItem) {
    const items = [];
    if (this.take(empty)) return items;
    if (!this.take(opening)) this.#fail();
    do {
      if (this.hasFailed) return items;
      items.push(readItem());
    } while (this.take(comma));
    if (!this.take(closing)) this.#fail();
    return items;
  }

  #position(dimensions) {
    return this.#bare(dimensions) ?? this.#fail();
  }

  /** A position without brackets, or null. */
  #bare(dimensions) {
    const match = this.take(position);
    if (!match) return null;
    const numbers = match[1].split(/\s+/).map(Number);
    if (!sizes[dimensions].includes(numbers.length)) return this.#fail();
    return dimensions === "M" ? numbers.slice(0, 2) : numbers;
  }

  #fail() {
    this.hasFailed = true;
    return [];
  }
}
