/**
 * Puts to etcd over gRPC: `etcdserverpb.KV/Put` of its version 3 API.
 */
import { Writer } from 'protobufjs/minimal.js'
import type { PutClient } from './contestant.ts'
import { GrpcConnection } from './grpc-connection.ts'

const METHOD = '/etcdserverpb.KV/Put'

/** With 256 clients, 1 to 64 made no difference beyond that between two runs. */
const CONNECTION_COUNT = 16

/** Fields 1 and 2 of `PutRequest`, both of bytes. */
const KEY_TAG = 10
const VALUE_TAG = 18

export async function openEtcdClient(port: number): Promise<PutClient> {
  const connections = await Promise.all(
    Array.from({ length: CONNECTION_COUNT }, () => GrpcConnection.open(port, METHOD)),
  )
  return {
    async put(client, key, value) {
      const request = Writer.create().uint32(KEY_TAG).string(key).uint32(VALUE_TAG).bytes(value)
      await connections[client % CONNECTION_COUNT]?.call(request.finish())
    },
    close() {
      for (const connection of connections) connection.close()
    },
  }
}
