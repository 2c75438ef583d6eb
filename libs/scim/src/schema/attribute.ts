/** The characteristics of an attribute (RFC 7643 §2.2). What is left out has the RFC's default. */
export interface Attribute {
  readonly type: 'string' | 'boolean' | 'integer' | 'decimal' | 'dateTime' | 'reference' | 'binary' | 'complex';
  readonly description: string;
  readonly multiValued?: true;
  readonly required?: true;
  readonly caseExact?: true;
  readonly mutability?: 'readOnly' | 'writeOnly' | 'immutable';
  readonly returned?: 'always' | 'never' | 'request';
  readonly uniqueness?: 'server' | 'global';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  /** The sub-attributes of a complex attribute. */
  readonly of?: AttributeSet;
  /** Longest text that is taken, for attributes that have an index. */
  readonly lengthMax?: number;
  /** Set where neither a row nor a resource at hand can answer a filter. */
  readonly unfilterable?: true;
}

export type AttributeSet = Readonly<Record<string, Attribute>>;

/** One schema of RFC 7643 §7: a URN and the attributes that it defines. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: AttributeSet;
  /** Attributes that a directory had and gave up. Values that are still stored are told to nobody. */
  readonly withdrawn?: AttributeSet;
}

/** A schema of a directory's own (RFC 7643 §3.3). It is data: it can travel and be stored as JSON. */
export interface Extension extends Schema {
  readonly resourceType: ResourceType['name'];
}

/** What an endpoint serves (RFC 7643 §6). */
export interface ResourceType {
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
}
