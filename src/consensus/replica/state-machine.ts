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

export interface StateMachine<Result> {
  /** Whether every replica can judge the command. A leader lets no other into the log. */
  accepts(command: Uint8Array): boolean
  apply(index: number, command: Uint8Array): Applied<Result>
  /** Of the state after the last command. */
  readonly hash: string
  snapshot(): Uint8Array
  restore(data: Uint8Array): void
}
