/** Parameters in the order given: Entra puts `excludedAttributes` before `filter`. */
export type Query = readonly (readonly [name: string, value: string])[];
