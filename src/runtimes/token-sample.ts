/**
 * The texts by which tokenizers are compared: the same for every model, small, and of the kinds that
 * prompts are made of. No text of anybody is ever sent to a tokenizer.
 *
 * One is ASCII: most of it prose, the rest code and JSON. The other is in scripts that take two or three
 * bytes a character, Chinese most of all.
 */
import { plausibleDensity, type TokenDensity } from '../core/token-density.ts'

const ASCII_TEXT = `You help the people of a small workshop. Answer briefly, and say so if you do not know.
Yesterday the delivery came three hours late because the bridge was closed for repairs; nobody had
told the driver, who waited at the wrong gate until noon. Which of our customers should hear about
it first, and what would you write to them? Please mention that the invoice (no. 4711, 1,250.00 EUR)
is due on 2024-03-15.

function totalOf(items) {
  const prices = items.filter(item => item.count > 0).map(item => item.price * item.count)
  return prices.reduce((sum, price) => sum + price, 0)
}

{"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
`

const WIDE_TEXT = `昨天的货物晚了三个小时才送到，因为桥正在维修，没有人通知司机，他在错误的大门口一直等到中午。我们应该先告诉哪位客户？请写一封简短的信，说明原因，并且告诉他们新的交货时间。
Вчера доставка опоздала на три часа, потому что мост закрыли на ремонт. Напишите письмо клиенту.
昨日の配達は橋の工事のため三時間遅れました。お客様に短い手紙を書いてください。
어제 배송이 다리 공사 때문에 세 시간 늦었습니다. 고객에게 짧은 편지를 써 주세요.
تأخر التسليم أمس ثلاث ساعات بسبب إصلاح الجسر. اكتب رسالة قصيرة إلى العميل.
`

/** Counts one after the other. `undefined`: no tokenizer counts like that. */
export async function measuredDensity(
  count: (text: string) => number | Promise<number>,
): Promise<TokenDensity | undefined> {
  return plausibleDensity({
    asciiTokensPerByte: (await count(ASCII_TEXT)) / Buffer.byteLength(ASCII_TEXT),
    wideTokensPerByte: (await count(WIDE_TEXT)) / Buffer.byteLength(WIDE_TEXT),
  })
}
