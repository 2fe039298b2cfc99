/**
 * Model servers that speak one another's protocols are told apart all the same: each is asked the
 * question of every kind, and answers only its own as that kind expects.
 */
import { assert, describe, test } from 'vitest'
import { ovms } from '../../../src/runtimes/engines/ovms.ts'
import { tfServing } from '../../../src/runtimes/engines/tf-serving.ts'
import { torchserve } from '../../../src/runtimes/engines/torchserve.ts'
import { triton } from '../../../src/runtimes/engines/triton.ts'
import { vllm } from '../../../src/runtimes/engines/vllm.ts'
import { doubleOf } from '../engine-double.ts'
import { soon } from '../openai/under-test.ts'

const profiles = [vllm, triton, torchserve, tfServing, ovms]

describe('the question of each kind', () => {
  for (const { kind } of profiles) {
    test(`finds ${kind} to be no other`, async () => {
      const { ask } = await doubleOf(kind)
      const found: string[] = []
      for (const profile of profiles) {
        const reply = await ask({ method: 'GET', path: profile.detect.path }, soon())
        if (profile.detect.matches(reply)) found.push(profile.kind)
      }
      assert.deepEqual(found, [kind])
    })
  }

  const foreign = [
    { text: '<html>welcome</html>', what: 'a page' },
    { text: '', what: 'nothing' },
    { text: '{"object":"list","data":[{"id":"a","owned_by":"sglang"}]}', what: 'another list' },
    { text: '{"name":"mlserver","version":"1.7.0"}', what: 'another KServe server' },
    { text: '{"info":{"title":"Petstore"}}', what: 'another API' },
    { text: '{"error":"Missing model name in request."}', what: 'a refusal sent as success' },
  ]
  for (const { text, what } of foreign) {
    test(`finds none in ${what}`, () => {
      const reply = { status: 200, headers: {}, text }
      assert.deepEqual(
        profiles.filter(({ detect }) => detect.matches(reply)).map(({ kind }) => kind),
        [],
      )
    })
  }
})
