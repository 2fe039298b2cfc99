/**
 * A stream that carries whole frames: what the short exchanges (hello, join) are written on.
 */
export interface FrameStream {
  /**
   * The other side has proved itself: from now on its frames may be this long.
   *
   * To be called when none of its frames can be under way.
   */
  trust(frameMaxBytes: number): void
  /**
   * The next frame.
   *
   * @throws MeshError ERR_BAD_FRAME if the frame is longer than the stream allows, ERR_PEER_LOST
   * if the other side closed or the connection is gone; the signal's reason if that fires.
   */
  read(signal: AbortSignal): Promise<Uint8Array>
  write(frame: Uint8Array, signal: AbortSignal): Promise<void>
  close(signal: AbortSignal): Promise<void>
  abort(error: Error): void
}
