/**
 * What a replica needs of the state that it replicates.
 *
 * It must be deterministic: it knows no time and no chance, so that equal logs give equal states.
 */
export interface Applied<Result> {
  /** The request that the command was made for. `undefined`: the command cannot be read. */
  readonly requestId: string | undefined
  /** `undefined`: the command is of a later version than this code; applying must stop. */
  readonly result: Result | undefined
}

/** The hash of one state. Its text may be computed only when it is asked for. */
export interface StateHash {
  readonly text: string
}

export interface StateMachine<Result> {
  /** Whether every replica can judge the command. A leader lets no other into the log. */
  accepts(command: Uint8Array): boolean
  apply(index: number, command: Uint8Array): Applied<Result>
  /** Of the state after the last command. */
  readonly hash: StateHash
  snapshot(): Uint8Array
  restore(data: Uint8Array): void
}
