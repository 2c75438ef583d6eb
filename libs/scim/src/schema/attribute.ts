/** The characteristics of an attribute (RFC 7643 §2.2). What is left out has the RFC's default. */
export interface Attribute {
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'binary' | 'complex';
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
}

/** What an endpoint serves (RFC 7643 §6). */
export interface ResourceType {
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
}
