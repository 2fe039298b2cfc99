/**
 * Requests that wait, oldest first: a doubly linked list, since one that gives up leaves from
 * wherever it stands, and both ends are looked at for every request.
 */
interface Node<Item> {
  readonly item: Item
  before: Node<Item> | undefined
  after: Node<Item> | undefined
}

export class WaitingLine<Item> {
  readonly #nodes = new Map<Item, Node<Item>>()
  #first: Node<Item> | undefined
  #last: Node<Item> | undefined

  get length(): number {
    return this.#nodes.size
  }

  get first(): Item | undefined {
    return this.#first?.item
  }

  get last(): Item | undefined {
    return this.#last?.item
  }

  push(item: Item): void {
    const node: Node<Item> = { item, before: this.#last, after: undefined }
    if (this.#last === undefined) this.#first = node
    else this.#last.after = node
    this.#last = node
    this.#nodes.set(item, node)
  }

  remove(item: Item): void {
    const node = this.#nodes.get(item)
    if (node === undefined) return
    this.#nodes.delete(item)
    if (node.before === undefined) this.#first = node.after
    else node.before.after = node.after
    if (node.after === undefined) this.#last = node.before
    else node.after.before = node.before
  }
}
