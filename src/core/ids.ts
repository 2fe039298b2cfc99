/**
 * The identifiers that travel through the mesh. All are made at the edge and passed in, since
 * a machine has no randomness of its own to make one.
 */

/** A libp2p PeerId in its text form (base58btc multihash of an Ed25519 key). */
export type PeerId = string

/** 16 random bytes in lower-case hex: the mesh a peer belongs to. */
export type MeshId = string

/** 16 random bytes in lower-case hex: one scheduling decision, and the request it was for. */
export type DecisionId = string
