/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const skein = $root.skein = (() => {

    /**
     * Namespace skein.
     * @exports skein
     * @namespace
     */
    const skein = {};

    skein.Ticket = (function() {

        /**
         * Properties of a Ticket.
         * @typedef {Object} skein.Ticket.$Properties
         * @property {Uint8Array|null} [meshId] Ticket meshId
         * @property {Uint8Array|null} [ticketId] Ticket ticketId
         * @property {Uint8Array|null} [secret] Ticket secret
         * @property {number|null} [expiresAtWallMs] Ticket expiresAtWallMs
         * @property {Uint8Array|null} [peer] Ticket peer
         * @property {Array.<Uint8Array>|null} [addresses] Ticket addresses
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Ticket.
         * @memberof skein
         * @interface ITicket
         * @augments skein.Ticket.$Properties
         * @deprecated Use skein.Ticket.$Properties instead.
         */

        /**
         * Shape of a Ticket.
         * @typedef {skein.Ticket.$Properties} skein.Ticket.$Shape
         */

        /**
         * Constructs a new Ticket.
         * @memberof skein
         * @classdesc Represents a Ticket.
         * @constructor
         * @param {skein.Ticket.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Ticket = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Ticket meshId.
         * @member {Uint8Array} meshId
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.meshId = $util.newBuffer([]);

        /**
         * Ticket ticketId.
         * @member {Uint8Array} ticketId
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.ticketId = $util.newBuffer([]);

        /**
         * Ticket secret.
         * @member {Uint8Array} secret
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.secret = $util.newBuffer([]);

        /**
         * Ticket expiresAtWallMs.
         * @member {number} expiresAtWallMs
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.expiresAtWallMs = 0;

        /**
         * Ticket peer.
         * @member {Uint8Array} peer
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.peer = $util.newBuffer([]);

        /**
         * Ticket addresses.
         * @member {Array.<Uint8Array>} addresses
         * @memberof skein.Ticket
         * @instance
         */
        Ticket.prototype.addresses = $util.emptyArray;

        /**
         * Encodes the specified Ticket message. Does not implicitly {@link skein.Ticket.verify|verify} messages.
         * @function encode
         * @memberof skein.Ticket
         * @static
         * @param {skein.Ticket.$Properties} message Ticket message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Ticket.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.meshId != null && $Object.hasOwnProperty.call(message, "meshId") && message.meshId.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.meshId);
            if (message.ticketId != null && $Object.hasOwnProperty.call(message, "ticketId") && message.ticketId.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.ticketId);
            if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && message.secret.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.secret);
            if (message.expiresAtWallMs != null && $Object.hasOwnProperty.call(message, "expiresAtWallMs") && !$Object.is(message.expiresAtWallMs, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.expiresAtWallMs);
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.peer);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.addresses[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Ticket message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Ticket
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Ticket & skein.Ticket.$Shape} Ticket
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Ticket.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Ticket();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.meshId = value;
                        else
                            delete message.meshId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.ticketId = value;
                        else
                            delete message.ticketId;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.secret = value;
                        else
                            delete message.secret;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.expiresAtWallMs = value;
                        else
                            delete message.expiresAtWallMs;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.peer = value;
                        else
                            delete message.peer;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Ticket
         * @function getTypeUrl
         * @memberof skein.Ticket
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Ticket.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Ticket";
        };

        return Ticket;
    })();

    skein.Hello = (function() {

        /**
         * Properties of a Hello.
         * @typedef {Object} skein.Hello.$Properties
         * @property {number|null} [versionMin] Hello versionMin
         * @property {number|null} [versionMax] Hello versionMax
         * @property {string|null} [software] Hello software
         * @property {Uint8Array|null} [meshId] Hello meshId
         * @property {Array.<string>|null} [features] Hello features
         * @property {number|null} [wallMs] Hello wallMs
         * @property {Uint8Array|null} [instanceId] Hello instanceId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Hello.
         * @memberof skein
         * @interface IHello
         * @augments skein.Hello.$Properties
         * @deprecated Use skein.Hello.$Properties instead.
         */

        /**
         * Shape of a Hello.
         * @typedef {skein.Hello.$Properties} skein.Hello.$Shape
         */

        /**
         * Constructs a new Hello.
         * @memberof skein
         * @classdesc Represents a Hello.
         * @constructor
         * @param {skein.Hello.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Hello = function (properties) {
            this.features = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Hello versionMin.
         * @member {number} versionMin
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.versionMin = 0;

        /**
         * Hello versionMax.
         * @member {number} versionMax
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.versionMax = 0;

        /**
         * Hello software.
         * @member {string} software
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.software = "";

        /**
         * Hello meshId.
         * @member {Uint8Array} meshId
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.meshId = $util.newBuffer([]);

        /**
         * Hello features.
         * @member {Array.<string>} features
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.features = $util.emptyArray;

        /**
         * Hello wallMs.
         * @member {number} wallMs
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.wallMs = 0;

        /**
         * Hello instanceId.
         * @member {Uint8Array} instanceId
         * @memberof skein.Hello
         * @instance
         */
        Hello.prototype.instanceId = $util.newBuffer([]);

        /**
         * Encodes the specified Hello message. Does not implicitly {@link skein.Hello.verify|verify} messages.
         * @function encode
         * @memberof skein.Hello
         * @static
         * @param {skein.Hello.$Properties} message Hello message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Hello.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.versionMin != null && $Object.hasOwnProperty.call(message, "versionMin") && message.versionMin !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.versionMin);
            if (message.versionMax != null && $Object.hasOwnProperty.call(message, "versionMax") && message.versionMax !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.versionMax);
            if (message.software != null && $Object.hasOwnProperty.call(message, "software") && message.software !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.software);
            if (message.meshId != null && $Object.hasOwnProperty.call(message, "meshId") && message.meshId.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.meshId);
            if (message.features != null && message.features.length)
                for (let i = 0; i < message.features.length; ++i)
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.features[i]);
            if (message.wallMs != null && $Object.hasOwnProperty.call(message, "wallMs") && !$Object.is(message.wallMs, 0))
                writer.uint32(/* id 7, wireType 1 =*/57).double(message.wallMs);
            if (message.instanceId != null && $Object.hasOwnProperty.call(message, "instanceId") && message.instanceId.length)
                writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.instanceId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Hello
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Hello & skein.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Hello.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Hello();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.versionMin = value;
                        else
                            delete message.versionMin;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.versionMax = value;
                        else
                            delete message.versionMax;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.software = value;
                        else
                            delete message.software;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.meshId = value;
                        else
                            delete message.meshId;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.features && message.features.length))
                            message.features = [];
                        message.features.push(reader.stringVerify());
                        continue;
                    }
                case 7: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.wallMs = value;
                        else
                            delete message.wallMs;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.instanceId = value;
                        else
                            delete message.instanceId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Hello
         * @function getTypeUrl
         * @memberof skein.Hello
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Hello.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Hello";
        };

        return Hello;
    })();

    skein.HelloAck = (function() {

        /**
         * Properties of a HelloAck.
         * @typedef {Object} skein.HelloAck.$Properties
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a HelloAck.
         * @memberof skein
         * @interface IHelloAck
         * @augments skein.HelloAck.$Properties
         * @deprecated Use skein.HelloAck.$Properties instead.
         */

        /**
         * Shape of a HelloAck.
         * @typedef {skein.HelloAck.$Properties} skein.HelloAck.$Shape
         */

        /**
         * Constructs a new HelloAck.
         * @memberof skein
         * @classdesc Represents a HelloAck.
         * @constructor
         * @param {skein.HelloAck.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const HelloAck = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Encodes the specified HelloAck message. Does not implicitly {@link skein.HelloAck.verify|verify} messages.
         * @function encode
         * @memberof skein.HelloAck
         * @static
         * @param {skein.HelloAck.$Properties} message HelloAck message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        HelloAck.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a HelloAck message from the specified reader or buffer.
         * @function decode
         * @memberof skein.HelloAck
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.HelloAck & skein.HelloAck.$Shape} HelloAck
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        HelloAck.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.HelloAck();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for HelloAck
         * @function getTypeUrl
         * @memberof skein.HelloAck
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        HelloAck.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.HelloAck";
        };

        return HelloAck;
    })();

    skein.HelloClaims = (function() {

        /**
         * Properties of a HelloClaims.
         * @typedef {Object} skein.HelloClaims.$Properties
         * @property {Array.<Uint8Array>|null} [claims] HelloClaims claims
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a HelloClaims.
         * @memberof skein
         * @interface IHelloClaims
         * @augments skein.HelloClaims.$Properties
         * @deprecated Use skein.HelloClaims.$Properties instead.
         */

        /**
         * Shape of a HelloClaims.
         * @typedef {skein.HelloClaims.$Properties} skein.HelloClaims.$Shape
         */

        /**
         * Constructs a new HelloClaims.
         * @memberof skein
         * @classdesc Represents a HelloClaims.
         * @constructor
         * @param {skein.HelloClaims.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const HelloClaims = function (properties) {
            this.claims = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * HelloClaims claims.
         * @member {Array.<Uint8Array>} claims
         * @memberof skein.HelloClaims
         * @instance
         */
        HelloClaims.prototype.claims = $util.emptyArray;

        /**
         * Encodes the specified HelloClaims message. Does not implicitly {@link skein.HelloClaims.verify|verify} messages.
         * @function encode
         * @memberof skein.HelloClaims
         * @static
         * @param {skein.HelloClaims.$Properties} message HelloClaims message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        HelloClaims.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.claims != null && message.claims.length)
                for (let i = 0; i < message.claims.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.claims[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a HelloClaims message from the specified reader or buffer.
         * @function decode
         * @memberof skein.HelloClaims
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.HelloClaims & skein.HelloClaims.$Shape} HelloClaims
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        HelloClaims.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.HelloClaims();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.claims && message.claims.length))
                            message.claims = [];
                        message.claims.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for HelloClaims
         * @function getTypeUrl
         * @memberof skein.HelloClaims
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        HelloClaims.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.HelloClaims";
        };

        return HelloClaims;
    })();

    skein.JoinRequest = (function() {

        /**
         * Properties of a JoinRequest.
         * @typedef {Object} skein.JoinRequest.$Properties
         * @property {number|null} [versionMin] JoinRequest versionMin
         * @property {number|null} [versionMax] JoinRequest versionMax
         * @property {string|null} [software] JoinRequest software
         * @property {Uint8Array|null} [meshId] JoinRequest meshId
         * @property {Uint8Array|null} [ticketId] JoinRequest ticketId
         * @property {Uint8Array|null} [nonce] JoinRequest nonce
         * @property {number|null} [wallMs] JoinRequest wallMs
         * @property {Uint8Array|null} [instanceId] JoinRequest instanceId
         * @property {Uint8Array|null} [ticketKey] JoinRequest ticketKey
         * @property {boolean|null} [hasLog] JoinRequest hasLog
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a JoinRequest.
         * @memberof skein
         * @interface IJoinRequest
         * @augments skein.JoinRequest.$Properties
         * @deprecated Use skein.JoinRequest.$Properties instead.
         */

        /**
         * Shape of a JoinRequest.
         * @typedef {skein.JoinRequest.$Properties} skein.JoinRequest.$Shape
         */

        /**
         * Constructs a new JoinRequest.
         * @memberof skein
         * @classdesc Represents a JoinRequest.
         * @constructor
         * @param {skein.JoinRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const JoinRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * JoinRequest versionMin.
         * @member {number} versionMin
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.versionMin = 0;

        /**
         * JoinRequest versionMax.
         * @member {number} versionMax
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.versionMax = 0;

        /**
         * JoinRequest software.
         * @member {string} software
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.software = "";

        /**
         * JoinRequest meshId.
         * @member {Uint8Array} meshId
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.meshId = $util.newBuffer([]);

        /**
         * JoinRequest ticketId.
         * @member {Uint8Array} ticketId
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.ticketId = $util.newBuffer([]);

        /**
         * JoinRequest nonce.
         * @member {Uint8Array} nonce
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.nonce = $util.newBuffer([]);

        /**
         * JoinRequest wallMs.
         * @member {number} wallMs
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.wallMs = 0;

        /**
         * JoinRequest instanceId.
         * @member {Uint8Array} instanceId
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.instanceId = $util.newBuffer([]);

        /**
         * JoinRequest ticketKey.
         * @member {Uint8Array} ticketKey
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.ticketKey = $util.newBuffer([]);

        /**
         * JoinRequest hasLog.
         * @member {boolean} hasLog
         * @memberof skein.JoinRequest
         * @instance
         */
        JoinRequest.prototype.hasLog = false;

        /**
         * Encodes the specified JoinRequest message. Does not implicitly {@link skein.JoinRequest.verify|verify} messages.
         * @function encode
         * @memberof skein.JoinRequest
         * @static
         * @param {skein.JoinRequest.$Properties} message JoinRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        JoinRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.versionMin != null && $Object.hasOwnProperty.call(message, "versionMin") && message.versionMin !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.versionMin);
            if (message.versionMax != null && $Object.hasOwnProperty.call(message, "versionMax") && message.versionMax !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.versionMax);
            if (message.software != null && $Object.hasOwnProperty.call(message, "software") && message.software !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.software);
            if (message.meshId != null && $Object.hasOwnProperty.call(message, "meshId") && message.meshId.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.meshId);
            if (message.ticketId != null && $Object.hasOwnProperty.call(message, "ticketId") && message.ticketId.length)
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.ticketId);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.nonce);
            if (message.wallMs != null && $Object.hasOwnProperty.call(message, "wallMs") && !$Object.is(message.wallMs, 0))
                writer.uint32(/* id 8, wireType 1 =*/65).double(message.wallMs);
            if (message.instanceId != null && $Object.hasOwnProperty.call(message, "instanceId") && message.instanceId.length)
                writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.instanceId);
            if (message.ticketKey != null && $Object.hasOwnProperty.call(message, "ticketKey") && message.ticketKey.length)
                writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.ticketKey);
            if (message.hasLog != null && $Object.hasOwnProperty.call(message, "hasLog") && message.hasLog !== false)
                writer.uint32(/* id 11, wireType 0 =*/88).bool(message.hasLog);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a JoinRequest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.JoinRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.JoinRequest & skein.JoinRequest.$Shape} JoinRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        JoinRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.JoinRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.versionMin = value;
                        else
                            delete message.versionMin;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.versionMax = value;
                        else
                            delete message.versionMax;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.software = value;
                        else
                            delete message.software;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.meshId = value;
                        else
                            delete message.meshId;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.ticketId = value;
                        else
                            delete message.ticketId;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 8: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.wallMs = value;
                        else
                            delete message.wallMs;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.instanceId = value;
                        else
                            delete message.instanceId;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.ticketKey = value;
                        else
                            delete message.ticketKey;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.hasLog = value;
                        else
                            delete message.hasLog;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for JoinRequest
         * @function getTypeUrl
         * @memberof skein.JoinRequest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        JoinRequest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.JoinRequest";
        };

        return JoinRequest;
    })();

    skein.JoinChallenge = (function() {

        /**
         * Properties of a JoinChallenge.
         * @typedef {Object} skein.JoinChallenge.$Properties
         * @property {Uint8Array|null} [nonce] JoinChallenge nonce
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a JoinChallenge.
         * @memberof skein
         * @interface IJoinChallenge
         * @augments skein.JoinChallenge.$Properties
         * @deprecated Use skein.JoinChallenge.$Properties instead.
         */

        /**
         * Shape of a JoinChallenge.
         * @typedef {skein.JoinChallenge.$Properties} skein.JoinChallenge.$Shape
         */

        /**
         * Constructs a new JoinChallenge.
         * @memberof skein
         * @classdesc Represents a JoinChallenge.
         * @constructor
         * @param {skein.JoinChallenge.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const JoinChallenge = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * JoinChallenge nonce.
         * @member {Uint8Array} nonce
         * @memberof skein.JoinChallenge
         * @instance
         */
        JoinChallenge.prototype.nonce = $util.newBuffer([]);

        /**
         * Encodes the specified JoinChallenge message. Does not implicitly {@link skein.JoinChallenge.verify|verify} messages.
         * @function encode
         * @memberof skein.JoinChallenge
         * @static
         * @param {skein.JoinChallenge.$Properties} message JoinChallenge message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        JoinChallenge.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nonce);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a JoinChallenge message from the specified reader or buffer.
         * @function decode
         * @memberof skein.JoinChallenge
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.JoinChallenge & skein.JoinChallenge.$Shape} JoinChallenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        JoinChallenge.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.JoinChallenge();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for JoinChallenge
         * @function getTypeUrl
         * @memberof skein.JoinChallenge
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        JoinChallenge.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.JoinChallenge";
        };

        return JoinChallenge;
    })();

    skein.JoinProof = (function() {

        /**
         * Properties of a JoinProof.
         * @typedef {Object} skein.JoinProof.$Properties
         * @property {Uint8Array|null} [signature] JoinProof signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a JoinProof.
         * @memberof skein
         * @interface IJoinProof
         * @augments skein.JoinProof.$Properties
         * @deprecated Use skein.JoinProof.$Properties instead.
         */

        /**
         * Shape of a JoinProof.
         * @typedef {skein.JoinProof.$Properties} skein.JoinProof.$Shape
         */

        /**
         * Constructs a new JoinProof.
         * @memberof skein
         * @classdesc Represents a JoinProof.
         * @constructor
         * @param {skein.JoinProof.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const JoinProof = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * JoinProof signature.
         * @member {Uint8Array} signature
         * @memberof skein.JoinProof
         * @instance
         */
        JoinProof.prototype.signature = $util.newBuffer([]);

        /**
         * Encodes the specified JoinProof message. Does not implicitly {@link skein.JoinProof.verify|verify} messages.
         * @function encode
         * @memberof skein.JoinProof
         * @static
         * @param {skein.JoinProof.$Properties} message JoinProof message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        JoinProof.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a JoinProof message from the specified reader or buffer.
         * @function decode
         * @memberof skein.JoinProof
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.JoinProof & skein.JoinProof.$Shape} JoinProof
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        JoinProof.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.JoinProof();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for JoinProof
         * @function getTypeUrl
         * @memberof skein.JoinProof
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        JoinProof.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.JoinProof";
        };

        return JoinProof;
    })();

    skein.MemberContact = (function() {

        /**
         * Properties of a MemberContact.
         * @typedef {Object} skein.MemberContact.$Properties
         * @property {string|null} [peer] MemberContact peer
         * @property {Array.<string>|null} [addresses] MemberContact addresses
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a MemberContact.
         * @memberof skein
         * @interface IMemberContact
         * @augments skein.MemberContact.$Properties
         * @deprecated Use skein.MemberContact.$Properties instead.
         */

        /**
         * Shape of a MemberContact.
         * @typedef {skein.MemberContact.$Properties} skein.MemberContact.$Shape
         */

        /**
         * Constructs a new MemberContact.
         * @memberof skein
         * @classdesc Represents a MemberContact.
         * @constructor
         * @param {skein.MemberContact.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const MemberContact = function (properties) {
            this.addresses = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * MemberContact peer.
         * @member {string} peer
         * @memberof skein.MemberContact
         * @instance
         */
        MemberContact.prototype.peer = "";

        /**
         * MemberContact addresses.
         * @member {Array.<string>} addresses
         * @memberof skein.MemberContact
         * @instance
         */
        MemberContact.prototype.addresses = $util.emptyArray;

        /**
         * Encodes the specified MemberContact message. Does not implicitly {@link skein.MemberContact.verify|verify} messages.
         * @function encode
         * @memberof skein.MemberContact
         * @static
         * @param {skein.MemberContact.$Properties} message MemberContact message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MemberContact.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.peer);
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.addresses[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a MemberContact message from the specified reader or buffer.
         * @function decode
         * @memberof skein.MemberContact
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.MemberContact & skein.MemberContact.$Shape} MemberContact
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MemberContact.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.MemberContact();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.peer = value;
                        else
                            delete message.peer;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push(reader.stringVerify());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for MemberContact
         * @function getTypeUrl
         * @memberof skein.MemberContact
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        MemberContact.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.MemberContact";
        };

        return MemberContact;
    })();

    skein.JoinWelcome = (function() {

        /**
         * Properties of a JoinWelcome.
         * @typedef {Object} skein.JoinWelcome.$Properties
         * @property {number|null} [rosterIndex] JoinWelcome rosterIndex
         * @property {Array.<skein.MemberContact.$Properties>|null} [members] JoinWelcome members
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a JoinWelcome.
         * @memberof skein
         * @interface IJoinWelcome
         * @augments skein.JoinWelcome.$Properties
         * @deprecated Use skein.JoinWelcome.$Properties instead.
         */

        /**
         * Shape of a JoinWelcome.
         * @typedef {skein.JoinWelcome.$Properties} skein.JoinWelcome.$Shape
         */

        /**
         * Constructs a new JoinWelcome.
         * @memberof skein
         * @classdesc Represents a JoinWelcome.
         * @constructor
         * @param {skein.JoinWelcome.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const JoinWelcome = function (properties) {
            this.members = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * JoinWelcome rosterIndex.
         * @member {number} rosterIndex
         * @memberof skein.JoinWelcome
         * @instance
         */
        JoinWelcome.prototype.rosterIndex = 0;

        /**
         * JoinWelcome members.
         * @member {Array.<skein.MemberContact.$Properties>} members
         * @memberof skein.JoinWelcome
         * @instance
         */
        JoinWelcome.prototype.members = $util.emptyArray;

        /**
         * Encodes the specified JoinWelcome message. Does not implicitly {@link skein.JoinWelcome.verify|verify} messages.
         * @function encode
         * @memberof skein.JoinWelcome
         * @static
         * @param {skein.JoinWelcome.$Properties} message JoinWelcome message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        JoinWelcome.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.rosterIndex != null && $Object.hasOwnProperty.call(message, "rosterIndex") && !$Object.is(message.rosterIndex, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.rosterIndex);
            if (message.members != null && message.members.length)
                for (let i = 0; i < message.members.length; ++i)
                    $root.skein.MemberContact.encode(message.members[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a JoinWelcome message from the specified reader or buffer.
         * @function decode
         * @memberof skein.JoinWelcome
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.JoinWelcome & skein.JoinWelcome.$Shape} JoinWelcome
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        JoinWelcome.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.JoinWelcome();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.rosterIndex = value;
                        else
                            delete message.rosterIndex;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.members && message.members.length))
                            message.members = [];
                        message.members.push($root.skein.MemberContact.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for JoinWelcome
         * @function getTypeUrl
         * @memberof skein.JoinWelcome
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        JoinWelcome.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.JoinWelcome";
        };

        return JoinWelcome;
    })();

    skein.Refusal = (function() {

        /**
         * Properties of a Refusal.
         * @typedef {Object} skein.Refusal.$Properties
         * @property {string|null} [code] Refusal code
         * @property {string|null} [message] Refusal message
         * @property {string|null} [details] Refusal details
         * @property {string|null} [hint] Refusal hint
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Refusal.
         * @memberof skein
         * @interface IRefusal
         * @augments skein.Refusal.$Properties
         * @deprecated Use skein.Refusal.$Properties instead.
         */

        /**
         * Shape of a Refusal.
         * @typedef {skein.Refusal.$Properties} skein.Refusal.$Shape
         */

        /**
         * Constructs a new Refusal.
         * @memberof skein
         * @classdesc Represents a Refusal.
         * @constructor
         * @param {skein.Refusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Refusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Refusal code.
         * @member {string} code
         * @memberof skein.Refusal
         * @instance
         */
        Refusal.prototype.code = "";

        /**
         * Refusal message.
         * @member {string} message
         * @memberof skein.Refusal
         * @instance
         */
        Refusal.prototype.message = "";

        /**
         * Refusal details.
         * @member {string} details
         * @memberof skein.Refusal
         * @instance
         */
        Refusal.prototype.details = "";

        /**
         * Refusal hint.
         * @member {string} hint
         * @memberof skein.Refusal
         * @instance
         */
        Refusal.prototype.hint = "";

        /**
         * Encodes the specified Refusal message. Does not implicitly {@link skein.Refusal.verify|verify} messages.
         * @function encode
         * @memberof skein.Refusal
         * @static
         * @param {skein.Refusal.$Properties} message Refusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Refusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
            if (message.details != null && $Object.hasOwnProperty.call(message, "details") && message.details !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.details);
            if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.hint);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Refusal message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Refusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Refusal & skein.Refusal.$Shape} Refusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Refusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Refusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.details = value;
                        else
                            delete message.details;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.hint = value;
                        else
                            delete message.hint;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Refusal
         * @function getTypeUrl
         * @memberof skein.Refusal
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Refusal.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Refusal";
        };

        return Refusal;
    })();

    skein.AdmissionFrame = (function() {

        /**
         * Properties of an AdmissionFrame.
         * @typedef {Object} skein.AdmissionFrame.$Properties
         * @property {skein.Hello.$Properties|null} [hello] AdmissionFrame hello
         * @property {skein.HelloClaims.$Properties|null} [helloClaims] AdmissionFrame helloClaims
         * @property {skein.JoinRequest.$Properties|null} [joinRequest] AdmissionFrame joinRequest
         * @property {skein.JoinChallenge.$Properties|null} [joinChallenge] AdmissionFrame joinChallenge
         * @property {skein.JoinProof.$Properties|null} [joinProof] AdmissionFrame joinProof
         * @property {skein.JoinWelcome.$Properties|null} [joinWelcome] AdmissionFrame joinWelcome
         * @property {skein.Refusal.$Properties|null} [refusal] AdmissionFrame refusal
         * @property {skein.HelloAck.$Properties|null} [helloAck] AdmissionFrame helloAck
         * @property {"hello"|"helloClaims"|"joinRequest"|"joinChallenge"|"joinProof"|"joinWelcome"|"refusal"|"helloAck"} [body] AdmissionFrame body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an AdmissionFrame.
         * @memberof skein
         * @interface IAdmissionFrame
         * @augments skein.AdmissionFrame.$Properties
         * @deprecated Use skein.AdmissionFrame.$Properties instead.
         */

        /**
         * Narrowed shape of an AdmissionFrame.
         * @typedef {{
         *   hello?: skein.Hello.$Shape|null;
         *   helloClaims?: skein.HelloClaims.$Shape|null;
         *   joinRequest?: skein.JoinRequest.$Shape|null;
         *   joinChallenge?: skein.JoinChallenge.$Shape|null;
         *   joinProof?: skein.JoinProof.$Shape|null;
         *   joinWelcome?: skein.JoinWelcome.$Shape|null;
         *   refusal?: skein.Refusal.$Shape|null;
         *   helloAck?: skein.HelloAck.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "hello"; hello: skein.Hello.$Shape; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "helloClaims"; hello?: null; helloClaims: skein.HelloClaims.$Shape; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinRequest"; hello?: null; helloClaims?: null; joinRequest: skein.JoinRequest.$Shape; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinChallenge"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge: skein.JoinChallenge.$Shape; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinProof"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof: skein.JoinProof.$Shape; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinWelcome"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome: skein.JoinWelcome.$Shape; refusal?: null; helloAck?: null }|{ body?: "refusal"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal: skein.Refusal.$Shape; helloAck?: null }|{ body?: "helloAck"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck: skein.HelloAck.$Shape })
         * )} skein.AdmissionFrame.$Shape
         */

        /**
         * Constructs a new AdmissionFrame.
         * @memberof skein
         * @classdesc Represents an AdmissionFrame.
         * @constructor
         * @param {skein.AdmissionFrame.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const AdmissionFrame = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * AdmissionFrame hello.
         * @member {skein.Hello.$Properties|null|undefined} hello
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.hello = null;

        /**
         * AdmissionFrame helloClaims.
         * @member {skein.HelloClaims.$Properties|null|undefined} helloClaims
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.helloClaims = null;

        /**
         * AdmissionFrame joinRequest.
         * @member {skein.JoinRequest.$Properties|null|undefined} joinRequest
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.joinRequest = null;

        /**
         * AdmissionFrame joinChallenge.
         * @member {skein.JoinChallenge.$Properties|null|undefined} joinChallenge
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.joinChallenge = null;

        /**
         * AdmissionFrame joinProof.
         * @member {skein.JoinProof.$Properties|null|undefined} joinProof
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.joinProof = null;

        /**
         * AdmissionFrame joinWelcome.
         * @member {skein.JoinWelcome.$Properties|null|undefined} joinWelcome
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.joinWelcome = null;

        /**
         * AdmissionFrame refusal.
         * @member {skein.Refusal.$Properties|null|undefined} refusal
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.refusal = null;

        /**
         * AdmissionFrame helloAck.
         * @member {skein.HelloAck.$Properties|null|undefined} helloAck
         * @memberof skein.AdmissionFrame
         * @instance
         */
        AdmissionFrame.prototype.helloAck = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * AdmissionFrame body.
         * @member {"hello"|"helloClaims"|"joinRequest"|"joinChallenge"|"joinProof"|"joinWelcome"|"refusal"|"helloAck"|undefined} body
         * @memberof skein.AdmissionFrame
         * @instance
         */
        $Object.defineProperty(AdmissionFrame.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["hello", "helloClaims", "joinRequest", "joinChallenge", "joinProof", "joinWelcome", "refusal", "helloAck"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified AdmissionFrame message. Does not implicitly {@link skein.AdmissionFrame.verify|verify} messages.
         * @function encode
         * @memberof skein.AdmissionFrame
         * @static
         * @param {skein.AdmissionFrame.$Properties} message AdmissionFrame message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        AdmissionFrame.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                $root.skein.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.helloClaims != null && $Object.hasOwnProperty.call(message, "helloClaims"))
                $root.skein.HelloClaims.encode(message.helloClaims, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.joinRequest != null && $Object.hasOwnProperty.call(message, "joinRequest"))
                $root.skein.JoinRequest.encode(message.joinRequest, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.joinChallenge != null && $Object.hasOwnProperty.call(message, "joinChallenge"))
                $root.skein.JoinChallenge.encode(message.joinChallenge, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.joinProof != null && $Object.hasOwnProperty.call(message, "joinProof"))
                $root.skein.JoinProof.encode(message.joinProof, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.joinWelcome != null && $Object.hasOwnProperty.call(message, "joinWelcome"))
                $root.skein.JoinWelcome.encode(message.joinWelcome, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.refusal != null && $Object.hasOwnProperty.call(message, "refusal"))
                $root.skein.Refusal.encode(message.refusal, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.helloAck != null && $Object.hasOwnProperty.call(message, "helloAck"))
                $root.skein.HelloAck.encode(message.helloAck, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an AdmissionFrame message from the specified reader or buffer.
         * @function decode
         * @memberof skein.AdmissionFrame
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.AdmissionFrame & skein.AdmissionFrame.$Shape} AdmissionFrame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        AdmissionFrame.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.AdmissionFrame();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.hello = $root.skein.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                        message.body = "hello";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.helloClaims = $root.skein.HelloClaims.decode(reader, reader.size(), $undefined, _depth + 1, message.helloClaims);
                        message.body = "helloClaims";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.joinRequest = $root.skein.JoinRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.joinRequest);
                        message.body = "joinRequest";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.joinChallenge = $root.skein.JoinChallenge.decode(reader, reader.size(), $undefined, _depth + 1, message.joinChallenge);
                        message.body = "joinChallenge";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.joinProof = $root.skein.JoinProof.decode(reader, reader.size(), $undefined, _depth + 1, message.joinProof);
                        message.body = "joinProof";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.joinWelcome = $root.skein.JoinWelcome.decode(reader, reader.size(), $undefined, _depth + 1, message.joinWelcome);
                        message.body = "joinWelcome";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.refusal = $root.skein.Refusal.decode(reader, reader.size(), $undefined, _depth + 1, message.refusal);
                        message.body = "refusal";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.helloAck = $root.skein.HelloAck.decode(reader, reader.size(), $undefined, _depth + 1, message.helloAck);
                        message.body = "helloAck";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for AdmissionFrame
         * @function getTypeUrl
         * @memberof skein.AdmissionFrame
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        AdmissionFrame.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.AdmissionFrame";
        };

        return AdmissionFrame;
    })();

    skein.ConsensusMessage = (function() {

        /**
         * Properties of a ConsensusMessage.
         * @typedef {Object} skein.ConsensusMessage.$Properties
         * @property {skein.RaftBatch.$Properties|null} [raft] ConsensusMessage raft
         * @property {skein.PolicyProposal.$Properties|null} [propose] ConsensusMessage propose
         * @property {skein.LeaderOperation.$Properties|null} [operate] ConsensusMessage operate
         * @property {string|null} [operated] ConsensusMessage operated
         * @property {string|null} [read] ConsensusMessage read
         * @property {skein.ReadAt.$Properties|null} [readAt] ConsensusMessage readAt
         * @property {skein.RequestRefusal.$Properties|null} [refuse] ConsensusMessage refuse
         * @property {skein.FollowRequest.$Properties|null} [follow] ConsensusMessage follow
         * @property {skein.FeedAnswer.$Properties|null} [feed] ConsensusMessage feed
         * @property {skein.SnapshotOffer.$Properties|null} [snapshotOffer] ConsensusMessage snapshotOffer
         * @property {skein.ChunkRequest.$Properties|null} [chunkRequest] ConsensusMessage chunkRequest
         * @property {skein.SnapshotChunk.$Properties|null} [chunk] ConsensusMessage chunk
         * @property {"raft"|"propose"|"operate"|"operated"|"read"|"readAt"|"refuse"|"follow"|"feed"|"snapshotOffer"|"chunkRequest"|"chunk"} [body] ConsensusMessage body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ConsensusMessage.
         * @memberof skein
         * @interface IConsensusMessage
         * @augments skein.ConsensusMessage.$Properties
         * @deprecated Use skein.ConsensusMessage.$Properties instead.
         */

        /**
         * Narrowed shape of a ConsensusMessage.
         * @typedef {{
         *   raft?: skein.RaftBatch.$Shape|null;
         *   propose?: skein.PolicyProposal.$Shape|null;
         *   operate?: skein.LeaderOperation.$Shape|null;
         *   operated?: string|null;
         *   read?: string|null;
         *   readAt?: skein.ReadAt.$Shape|null;
         *   refuse?: skein.RequestRefusal.$Shape|null;
         *   follow?: skein.FollowRequest.$Shape|null;
         *   feed?: skein.FeedAnswer.$Shape|null;
         *   snapshotOffer?: skein.SnapshotOffer.$Shape|null;
         *   chunkRequest?: skein.ChunkRequest.$Shape|null;
         *   chunk?: skein.SnapshotChunk.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "raft"; raft: skein.RaftBatch.$Shape; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "propose"; raft?: null; propose: skein.PolicyProposal.$Shape; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "operate"; raft?: null; propose?: null; operate: skein.LeaderOperation.$Shape; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "operated"; raft?: null; propose?: null; operate?: null; operated: string; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "read"; raft?: null; propose?: null; operate?: null; operated?: null; read: string; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "readAt"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt: skein.ReadAt.$Shape; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "refuse"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse: skein.RequestRefusal.$Shape; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "follow"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow: skein.FollowRequest.$Shape; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "feed"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed: skein.FeedAnswer.$Shape; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "snapshotOffer"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer: skein.SnapshotOffer.$Shape; chunkRequest?: null; chunk?: null }|{ body?: "chunkRequest"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest: skein.ChunkRequest.$Shape; chunk?: null }|{ body?: "chunk"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk: skein.SnapshotChunk.$Shape })
         * )} skein.ConsensusMessage.$Shape
         */

        /**
         * Constructs a new ConsensusMessage.
         * @memberof skein
         * @classdesc Represents a ConsensusMessage.
         * @constructor
         * @param {skein.ConsensusMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ConsensusMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ConsensusMessage raft.
         * @member {skein.RaftBatch.$Properties|null|undefined} raft
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.raft = null;

        /**
         * ConsensusMessage propose.
         * @member {skein.PolicyProposal.$Properties|null|undefined} propose
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.propose = null;

        /**
         * ConsensusMessage operate.
         * @member {skein.LeaderOperation.$Properties|null|undefined} operate
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.operate = null;

        /**
         * ConsensusMessage operated.
         * @member {string|null|undefined} operated
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.operated = null;

        /**
         * ConsensusMessage read.
         * @member {string|null|undefined} read
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.read = null;

        /**
         * ConsensusMessage readAt.
         * @member {skein.ReadAt.$Properties|null|undefined} readAt
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.readAt = null;

        /**
         * ConsensusMessage refuse.
         * @member {skein.RequestRefusal.$Properties|null|undefined} refuse
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.refuse = null;

        /**
         * ConsensusMessage follow.
         * @member {skein.FollowRequest.$Properties|null|undefined} follow
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.follow = null;

        /**
         * ConsensusMessage feed.
         * @member {skein.FeedAnswer.$Properties|null|undefined} feed
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.feed = null;

        /**
         * ConsensusMessage snapshotOffer.
         * @member {skein.SnapshotOffer.$Properties|null|undefined} snapshotOffer
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.snapshotOffer = null;

        /**
         * ConsensusMessage chunkRequest.
         * @member {skein.ChunkRequest.$Properties|null|undefined} chunkRequest
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.chunkRequest = null;

        /**
         * ConsensusMessage chunk.
         * @member {skein.SnapshotChunk.$Properties|null|undefined} chunk
         * @memberof skein.ConsensusMessage
         * @instance
         */
        ConsensusMessage.prototype.chunk = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * ConsensusMessage body.
         * @member {"raft"|"propose"|"operate"|"operated"|"read"|"readAt"|"refuse"|"follow"|"feed"|"snapshotOffer"|"chunkRequest"|"chunk"|undefined} body
         * @memberof skein.ConsensusMessage
         * @instance
         */
        $Object.defineProperty(ConsensusMessage.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["raft", "propose", "operate", "operated", "read", "readAt", "refuse", "follow", "feed", "snapshotOffer", "chunkRequest", "chunk"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified ConsensusMessage message. Does not implicitly {@link skein.ConsensusMessage.verify|verify} messages.
         * @function encode
         * @memberof skein.ConsensusMessage
         * @static
         * @param {skein.ConsensusMessage.$Properties} message ConsensusMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ConsensusMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.raft != null && $Object.hasOwnProperty.call(message, "raft"))
                $root.skein.RaftBatch.encode(message.raft, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.propose != null && $Object.hasOwnProperty.call(message, "propose"))
                $root.skein.PolicyProposal.encode(message.propose, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.operate != null && $Object.hasOwnProperty.call(message, "operate"))
                $root.skein.LeaderOperation.encode(message.operate, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.operated != null && $Object.hasOwnProperty.call(message, "operated"))
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.operated);
            if (message.read != null && $Object.hasOwnProperty.call(message, "read"))
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.read);
            if (message.readAt != null && $Object.hasOwnProperty.call(message, "readAt"))
                $root.skein.ReadAt.encode(message.readAt, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.refuse != null && $Object.hasOwnProperty.call(message, "refuse"))
                $root.skein.RequestRefusal.encode(message.refuse, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.follow != null && $Object.hasOwnProperty.call(message, "follow"))
                $root.skein.FollowRequest.encode(message.follow, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.feed != null && $Object.hasOwnProperty.call(message, "feed"))
                $root.skein.FeedAnswer.encode(message.feed, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.snapshotOffer != null && $Object.hasOwnProperty.call(message, "snapshotOffer"))
                $root.skein.SnapshotOffer.encode(message.snapshotOffer, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.chunkRequest != null && $Object.hasOwnProperty.call(message, "chunkRequest"))
                $root.skein.ChunkRequest.encode(message.chunkRequest, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.chunk != null && $Object.hasOwnProperty.call(message, "chunk"))
                $root.skein.SnapshotChunk.encode(message.chunk, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ConsensusMessage message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ConsensusMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ConsensusMessage & skein.ConsensusMessage.$Shape} ConsensusMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ConsensusMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ConsensusMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.raft = $root.skein.RaftBatch.decode(reader, reader.size(), $undefined, _depth + 1, message.raft);
                        message.body = "raft";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.propose = $root.skein.PolicyProposal.decode(reader, reader.size(), $undefined, _depth + 1, message.propose);
                        message.body = "propose";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.operate = $root.skein.LeaderOperation.decode(reader, reader.size(), $undefined, _depth + 1, message.operate);
                        message.body = "operate";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.operated = reader.stringVerify();
                        message.body = "operated";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.read = reader.stringVerify();
                        message.body = "read";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.readAt = $root.skein.ReadAt.decode(reader, reader.size(), $undefined, _depth + 1, message.readAt);
                        message.body = "readAt";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.refuse = $root.skein.RequestRefusal.decode(reader, reader.size(), $undefined, _depth + 1, message.refuse);
                        message.body = "refuse";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.follow = $root.skein.FollowRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.follow);
                        message.body = "follow";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.feed = $root.skein.FeedAnswer.decode(reader, reader.size(), $undefined, _depth + 1, message.feed);
                        message.body = "feed";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.snapshotOffer = $root.skein.SnapshotOffer.decode(reader, reader.size(), $undefined, _depth + 1, message.snapshotOffer);
                        message.body = "snapshotOffer";
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.chunkRequest = $root.skein.ChunkRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.chunkRequest);
                        message.body = "chunkRequest";
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.chunk = $root.skein.SnapshotChunk.decode(reader, reader.size(), $undefined, _depth + 1, message.chunk);
                        message.body = "chunk";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ConsensusMessage
         * @function getTypeUrl
         * @memberof skein.ConsensusMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ConsensusMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ConsensusMessage";
        };

        return ConsensusMessage;
    })();

    skein.StateMark = (function() {

        /**
         * Properties of a StateMark.
         * @typedef {Object} skein.StateMark.$Properties
         * @property {number|null} [index] StateMark index
         * @property {string|null} [hash] StateMark hash
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a StateMark.
         * @memberof skein
         * @interface IStateMark
         * @augments skein.StateMark.$Properties
         * @deprecated Use skein.StateMark.$Properties instead.
         */

        /**
         * Shape of a StateMark.
         * @typedef {skein.StateMark.$Properties} skein.StateMark.$Shape
         */

        /**
         * Constructs a new StateMark.
         * @memberof skein
         * @classdesc Represents a StateMark.
         * @constructor
         * @param {skein.StateMark.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const StateMark = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * StateMark index.
         * @member {number} index
         * @memberof skein.StateMark
         * @instance
         */
        StateMark.prototype.index = 0;

        /**
         * StateMark hash.
         * @member {string} hash
         * @memberof skein.StateMark
         * @instance
         */
        StateMark.prototype.hash = "";

        /**
         * Encodes the specified StateMark message. Does not implicitly {@link skein.StateMark.verify|verify} messages.
         * @function encode
         * @memberof skein.StateMark
         * @static
         * @param {skein.StateMark.$Properties} message StateMark message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        StateMark.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.index);
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.hash);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a StateMark message from the specified reader or buffer.
         * @function decode
         * @memberof skein.StateMark
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.StateMark & skein.StateMark.$Shape} StateMark
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        StateMark.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.StateMark();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.hash = value;
                        else
                            delete message.hash;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for StateMark
         * @function getTypeUrl
         * @memberof skein.StateMark
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        StateMark.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.StateMark";
        };

        return StateMark;
    })();

    skein.RaftEntry = (function() {

        /**
         * Properties of a RaftEntry.
         * @typedef {Object} skein.RaftEntry.$Properties
         * @property {number|null} [term] RaftEntry term
         * @property {number|null} [type] RaftEntry type
         * @property {Uint8Array|null} [data] RaftEntry data
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RaftEntry.
         * @memberof skein
         * @interface IRaftEntry
         * @augments skein.RaftEntry.$Properties
         * @deprecated Use skein.RaftEntry.$Properties instead.
         */

        /**
         * Shape of a RaftEntry.
         * @typedef {skein.RaftEntry.$Properties} skein.RaftEntry.$Shape
         */

        /**
         * Constructs a new RaftEntry.
         * @memberof skein
         * @classdesc Represents a RaftEntry.
         * @constructor
         * @param {skein.RaftEntry.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RaftEntry = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RaftEntry term.
         * @member {number} term
         * @memberof skein.RaftEntry
         * @instance
         */
        RaftEntry.prototype.term = 0;

        /**
         * RaftEntry type.
         * @member {number} type
         * @memberof skein.RaftEntry
         * @instance
         */
        RaftEntry.prototype.type = 0;

        /**
         * RaftEntry data.
         * @member {Uint8Array} data
         * @memberof skein.RaftEntry
         * @instance
         */
        RaftEntry.prototype.data = $util.newBuffer([]);

        /**
         * Encodes the specified RaftEntry message. Does not implicitly {@link skein.RaftEntry.verify|verify} messages.
         * @function encode
         * @memberof skein.RaftEntry
         * @static
         * @param {skein.RaftEntry.$Properties} message RaftEntry message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RaftEntry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.term);
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.type);
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.data);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RaftEntry message from the specified reader or buffer.
         * @function decode
         * @memberof skein.RaftEntry
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.RaftEntry & skein.RaftEntry.$Shape} RaftEntry
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RaftEntry.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.RaftEntry();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for RaftEntry
         * @function getTypeUrl
         * @memberof skein.RaftEntry
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        RaftEntry.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.RaftEntry";
        };

        return RaftEntry;
    })();

    skein.RaftMessage = (function() {

        /**
         * Properties of a RaftMessage.
         * @typedef {Object} skein.RaftMessage.$Properties
         * @property {number|null} [type] RaftMessage type
         * @property {number|null} [to] RaftMessage to
         * @property {number|null} [from] RaftMessage from
         * @property {number|null} [term] RaftMessage term
         * @property {number|null} [logTerm] RaftMessage logTerm
         * @property {number|null} [index] RaftMessage index
         * @property {Array.<skein.RaftEntry.$Properties>|null} [entries] RaftMessage entries
         * @property {number|null} [commit] RaftMessage commit
         * @property {boolean|null} [isRejected] RaftMessage isRejected
         * @property {number|null} [rejectHint] RaftMessage rejectHint
         * @property {boolean|null} [isTransfer] RaftMessage isTransfer
         * @property {number|null} [readCount] RaftMessage readCount
         * @property {Uint8Array|null} [context] RaftMessage context
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RaftMessage.
         * @memberof skein
         * @interface IRaftMessage
         * @augments skein.RaftMessage.$Properties
         * @deprecated Use skein.RaftMessage.$Properties instead.
         */

        /**
         * Shape of a RaftMessage.
         * @typedef {skein.RaftMessage.$Properties} skein.RaftMessage.$Shape
         */

        /**
         * Constructs a new RaftMessage.
         * @memberof skein
         * @classdesc Represents a RaftMessage.
         * @constructor
         * @param {skein.RaftMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RaftMessage = function (properties) {
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RaftMessage type.
         * @member {number} type
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.type = 0;

        /**
         * RaftMessage to.
         * @member {number} to
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.to = 0;

        /**
         * RaftMessage from.
         * @member {number} from
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.from = 0;

        /**
         * RaftMessage term.
         * @member {number} term
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.term = 0;

        /**
         * RaftMessage logTerm.
         * @member {number} logTerm
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.logTerm = 0;

        /**
         * RaftMessage index.
         * @member {number} index
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.index = 0;

        /**
         * RaftMessage entries.
         * @member {Array.<skein.RaftEntry.$Properties>} entries
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.entries = $util.emptyArray;

        /**
         * RaftMessage commit.
         * @member {number} commit
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.commit = 0;

        /**
         * RaftMessage isRejected.
         * @member {boolean} isRejected
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.isRejected = false;

        /**
         * RaftMessage rejectHint.
         * @member {number} rejectHint
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.rejectHint = 0;

        /**
         * RaftMessage isTransfer.
         * @member {boolean} isTransfer
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.isTransfer = false;

        /**
         * RaftMessage readCount.
         * @member {number} readCount
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.readCount = 0;

        /**
         * RaftMessage context.
         * @member {Uint8Array} context
         * @memberof skein.RaftMessage
         * @instance
         */
        RaftMessage.prototype.context = $util.newBuffer([]);

        /**
         * Encodes the specified RaftMessage message. Does not implicitly {@link skein.RaftMessage.verify|verify} messages.
         * @function encode
         * @memberof skein.RaftMessage
         * @static
         * @param {skein.RaftMessage.$Properties} message RaftMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RaftMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.type);
            if (message.to != null && $Object.hasOwnProperty.call(message, "to") && !$Object.is(message.to, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.to);
            if (message.from != null && $Object.hasOwnProperty.call(message, "from") && !$Object.is(message.from, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.from);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.term);
            if (message.logTerm != null && $Object.hasOwnProperty.call(message, "logTerm") && !$Object.is(message.logTerm, 0))
                writer.uint32(/* id 5, wireType 1 =*/41).double(message.logTerm);
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 6, wireType 1 =*/49).double(message.index);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.skein.RaftEntry.encode(message.entries[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.commit != null && $Object.hasOwnProperty.call(message, "commit") && !$Object.is(message.commit, 0))
                writer.uint32(/* id 8, wireType 1 =*/65).double(message.commit);
            if (message.isRejected != null && $Object.hasOwnProperty.call(message, "isRejected") && message.isRejected !== false)
                writer.uint32(/* id 9, wireType 0 =*/72).bool(message.isRejected);
            if (message.rejectHint != null && $Object.hasOwnProperty.call(message, "rejectHint") && !$Object.is(message.rejectHint, 0))
                writer.uint32(/* id 10, wireType 1 =*/81).double(message.rejectHint);
            if (message.isTransfer != null && $Object.hasOwnProperty.call(message, "isTransfer") && message.isTransfer !== false)
                writer.uint32(/* id 11, wireType 0 =*/88).bool(message.isTransfer);
            if (message.readCount != null && $Object.hasOwnProperty.call(message, "readCount") && !$Object.is(message.readCount, 0))
                writer.uint32(/* id 12, wireType 1 =*/97).double(message.readCount);
            if (message.context != null && $Object.hasOwnProperty.call(message, "context") && message.context.length)
                writer.uint32(/* id 13, wireType 2 =*/106).bytes(message.context);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RaftMessage message from the specified reader or buffer.
         * @function decode
         * @memberof skein.RaftMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.RaftMessage & skein.RaftMessage.$Shape} RaftMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RaftMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.RaftMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.to = value;
                        else
                            delete message.to;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.from = value;
                        else
                            delete message.from;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.logTerm = value;
                        else
                            delete message.logTerm;
                        continue;
                    }
                case 6: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.skein.RaftEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.commit = value;
                        else
                            delete message.commit;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isRejected = value;
                        else
                            delete message.isRejected;
                        continue;
                    }
                case 10: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.rejectHint = value;
                        else
                            delete message.rejectHint;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isTransfer = value;
                        else
                            delete message.isTransfer;
                        continue;
                    }
                case 12: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.readCount = value;
                        else
                            delete message.readCount;
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.context = value;
                        else
                            delete message.context;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for RaftMessage
         * @function getTypeUrl
         * @memberof skein.RaftMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        RaftMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.RaftMessage";
        };

        return RaftMessage;
    })();

    skein.RaftBatch = (function() {

        /**
         * Properties of a RaftBatch.
         * @typedef {Object} skein.RaftBatch.$Properties
         * @property {Array.<skein.RaftMessage.$Properties>|null} [messages] RaftBatch messages
         * @property {skein.StateMark.$Properties|null} [mark] RaftBatch mark
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RaftBatch.
         * @memberof skein
         * @interface IRaftBatch
         * @augments skein.RaftBatch.$Properties
         * @deprecated Use skein.RaftBatch.$Properties instead.
         */

        /**
         * Shape of a RaftBatch.
         * @typedef {skein.RaftBatch.$Properties} skein.RaftBatch.$Shape
         */

        /**
         * Constructs a new RaftBatch.
         * @memberof skein
         * @classdesc Represents a RaftBatch.
         * @constructor
         * @param {skein.RaftBatch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RaftBatch = function (properties) {
            this.messages = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RaftBatch messages.
         * @member {Array.<skein.RaftMessage.$Properties>} messages
         * @memberof skein.RaftBatch
         * @instance
         */
        RaftBatch.prototype.messages = $util.emptyArray;

        /**
         * RaftBatch mark.
         * @member {skein.StateMark.$Properties|null|undefined} mark
         * @memberof skein.RaftBatch
         * @instance
         */
        RaftBatch.prototype.mark = null;

        /**
         * Encodes the specified RaftBatch message. Does not implicitly {@link skein.RaftBatch.verify|verify} messages.
         * @function encode
         * @memberof skein.RaftBatch
         * @static
         * @param {skein.RaftBatch.$Properties} message RaftBatch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RaftBatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.messages != null && message.messages.length)
                for (let i = 0; i < message.messages.length; ++i)
                    $root.skein.RaftMessage.encode(message.messages[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.mark != null && $Object.hasOwnProperty.call(message, "mark"))
                $root.skein.StateMark.encode(message.mark, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RaftBatch message from the specified reader or buffer.
         * @function decode
         * @memberof skein.RaftBatch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.RaftBatch & skein.RaftBatch.$Shape} RaftBatch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RaftBatch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.RaftBatch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.messages && message.messages.length))
                            message.messages = [];
                        message.messages.push($root.skein.RaftMessage.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.mark = $root.skein.StateMark.decode(reader, reader.size(), $undefined, _depth + 1, message.mark);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for RaftBatch
         * @function getTypeUrl
         * @memberof skein.RaftBatch
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        RaftBatch.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.RaftBatch";
        };

        return RaftBatch;
    })();

    skein.PolicyProposal = (function() {

        /**
         * Properties of a PolicyProposal.
         * @typedef {Object} skein.PolicyProposal.$Properties
         * @property {string|null} [requestId] PolicyProposal requestId
         * @property {Uint8Array|null} [command] PolicyProposal command
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PolicyProposal.
         * @memberof skein
         * @interface IPolicyProposal
         * @augments skein.PolicyProposal.$Properties
         * @deprecated Use skein.PolicyProposal.$Properties instead.
         */

        /**
         * Shape of a PolicyProposal.
         * @typedef {skein.PolicyProposal.$Properties} skein.PolicyProposal.$Shape
         */

        /**
         * Constructs a new PolicyProposal.
         * @memberof skein
         * @classdesc Represents a PolicyProposal.
         * @constructor
         * @param {skein.PolicyProposal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PolicyProposal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PolicyProposal requestId.
         * @member {string} requestId
         * @memberof skein.PolicyProposal
         * @instance
         */
        PolicyProposal.prototype.requestId = "";

        /**
         * PolicyProposal command.
         * @member {Uint8Array} command
         * @memberof skein.PolicyProposal
         * @instance
         */
        PolicyProposal.prototype.command = $util.newBuffer([]);

        /**
         * Encodes the specified PolicyProposal message. Does not implicitly {@link skein.PolicyProposal.verify|verify} messages.
         * @function encode
         * @memberof skein.PolicyProposal
         * @static
         * @param {skein.PolicyProposal.$Properties} message PolicyProposal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PolicyProposal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
            if (message.command != null && $Object.hasOwnProperty.call(message, "command") && message.command.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.command);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PolicyProposal message from the specified reader or buffer.
         * @function decode
         * @memberof skein.PolicyProposal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.PolicyProposal & skein.PolicyProposal.$Shape} PolicyProposal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PolicyProposal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.PolicyProposal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.requestId = value;
                        else
                            delete message.requestId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.command = value;
                        else
                            delete message.command;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for PolicyProposal
         * @function getTypeUrl
         * @memberof skein.PolicyProposal
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        PolicyProposal.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.PolicyProposal";
        };

        return PolicyProposal;
    })();

    skein.LeaderOperation = (function() {

        /**
         * Properties of a LeaderOperation.
         * @typedef {Object} skein.LeaderOperation.$Properties
         * @property {string|null} [requestId] LeaderOperation requestId
         * @property {number|null} [type] LeaderOperation type
         * @property {number|null} [node] LeaderOperation node
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LeaderOperation.
         * @memberof skein
         * @interface ILeaderOperation
         * @augments skein.LeaderOperation.$Properties
         * @deprecated Use skein.LeaderOperation.$Properties instead.
         */

        /**
         * Shape of a LeaderOperation.
         * @typedef {skein.LeaderOperation.$Properties} skein.LeaderOperation.$Shape
         */

        /**
         * Constructs a new LeaderOperation.
         * @memberof skein
         * @classdesc Represents a LeaderOperation.
         * @constructor
         * @param {skein.LeaderOperation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LeaderOperation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LeaderOperation requestId.
         * @member {string} requestId
         * @memberof skein.LeaderOperation
         * @instance
         */
        LeaderOperation.prototype.requestId = "";

        /**
         * LeaderOperation type.
         * @member {number} type
         * @memberof skein.LeaderOperation
         * @instance
         */
        LeaderOperation.prototype.type = 0;

        /**
         * LeaderOperation node.
         * @member {number} node
         * @memberof skein.LeaderOperation
         * @instance
         */
        LeaderOperation.prototype.node = 0;

        /**
         * Encodes the specified LeaderOperation message. Does not implicitly {@link skein.LeaderOperation.verify|verify} messages.
         * @function encode
         * @memberof skein.LeaderOperation
         * @static
         * @param {skein.LeaderOperation.$Properties} message LeaderOperation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LeaderOperation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.type);
            if (message.node != null && $Object.hasOwnProperty.call(message, "node") && !$Object.is(message.node, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.node);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LeaderOperation message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LeaderOperation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LeaderOperation & skein.LeaderOperation.$Shape} LeaderOperation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LeaderOperation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LeaderOperation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.requestId = value;
                        else
                            delete message.requestId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.node = value;
                        else
                            delete message.node;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LeaderOperation
         * @function getTypeUrl
         * @memberof skein.LeaderOperation
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LeaderOperation.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LeaderOperation";
        };

        return LeaderOperation;
    })();

    skein.ReadAt = (function() {

        /**
         * Properties of a ReadAt.
         * @typedef {Object} skein.ReadAt.$Properties
         * @property {string|null} [requestId] ReadAt requestId
         * @property {number|null} [index] ReadAt index
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ReadAt.
         * @memberof skein
         * @interface IReadAt
         * @augments skein.ReadAt.$Properties
         * @deprecated Use skein.ReadAt.$Properties instead.
         */

        /**
         * Shape of a ReadAt.
         * @typedef {skein.ReadAt.$Properties} skein.ReadAt.$Shape
         */

        /**
         * Constructs a new ReadAt.
         * @memberof skein
         * @classdesc Represents a ReadAt.
         * @constructor
         * @param {skein.ReadAt.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ReadAt = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ReadAt requestId.
         * @member {string} requestId
         * @memberof skein.ReadAt
         * @instance
         */
        ReadAt.prototype.requestId = "";

        /**
         * ReadAt index.
         * @member {number} index
         * @memberof skein.ReadAt
         * @instance
         */
        ReadAt.prototype.index = 0;

        /**
         * Encodes the specified ReadAt message. Does not implicitly {@link skein.ReadAt.verify|verify} messages.
         * @function encode
         * @memberof skein.ReadAt
         * @static
         * @param {skein.ReadAt.$Properties} message ReadAt message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ReadAt.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.index);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ReadAt message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ReadAt
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ReadAt & skein.ReadAt.$Shape} ReadAt
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ReadAt.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ReadAt();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.requestId = value;
                        else
                            delete message.requestId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ReadAt
         * @function getTypeUrl
         * @memberof skein.ReadAt
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ReadAt.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ReadAt";
        };

        return ReadAt;
    })();

    skein.RequestRefusal = (function() {

        /**
         * Properties of a RequestRefusal.
         * @typedef {Object} skein.RequestRefusal.$Properties
         * @property {string|null} [requestId] RequestRefusal requestId
         * @property {number|null} [reason] RequestRefusal reason
         * @property {string|null} [leader] RequestRefusal leader
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a RequestRefusal.
         * @memberof skein
         * @interface IRequestRefusal
         * @augments skein.RequestRefusal.$Properties
         * @deprecated Use skein.RequestRefusal.$Properties instead.
         */

        /**
         * Shape of a RequestRefusal.
         * @typedef {skein.RequestRefusal.$Properties} skein.RequestRefusal.$Shape
         */

        /**
         * Constructs a new RequestRefusal.
         * @memberof skein
         * @classdesc Represents a RequestRefusal.
         * @constructor
         * @param {skein.RequestRefusal.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const RequestRefusal = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * RequestRefusal requestId.
         * @member {string} requestId
         * @memberof skein.RequestRefusal
         * @instance
         */
        RequestRefusal.prototype.requestId = "";

        /**
         * RequestRefusal reason.
         * @member {number} reason
         * @memberof skein.RequestRefusal
         * @instance
         */
        RequestRefusal.prototype.reason = 0;

        /**
         * RequestRefusal leader.
         * @member {string} leader
         * @memberof skein.RequestRefusal
         * @instance
         */
        RequestRefusal.prototype.leader = "";

        /**
         * Encodes the specified RequestRefusal message. Does not implicitly {@link skein.RequestRefusal.verify|verify} messages.
         * @function encode
         * @memberof skein.RequestRefusal
         * @static
         * @param {skein.RequestRefusal.$Properties} message RequestRefusal message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        RequestRefusal.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.requestId != null && $Object.hasOwnProperty.call(message, "requestId") && message.requestId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.requestId);
            if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.reason);
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader") && message.leader !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.leader);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a RequestRefusal message from the specified reader or buffer.
         * @function decode
         * @memberof skein.RequestRefusal
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.RequestRefusal & skein.RequestRefusal.$Shape} RequestRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        RequestRefusal.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.RequestRefusal();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.requestId = value;
                        else
                            delete message.requestId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.reason = value;
                        else
                            delete message.reason;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.leader = value;
                        else
                            delete message.leader;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for RequestRefusal
         * @function getTypeUrl
         * @memberof skein.RequestRefusal
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        RequestRefusal.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.RequestRefusal";
        };

        return RequestRefusal;
    })();

    skein.FollowRequest = (function() {

        /**
         * Properties of a FollowRequest.
         * @typedef {Object} skein.FollowRequest.$Properties
         * @property {number|null} [lastIndex] FollowRequest lastIndex
         * @property {skein.StateMark.$Properties|null} [mark] FollowRequest mark
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a FollowRequest.
         * @memberof skein
         * @interface IFollowRequest
         * @augments skein.FollowRequest.$Properties
         * @deprecated Use skein.FollowRequest.$Properties instead.
         */

        /**
         * Shape of a FollowRequest.
         * @typedef {skein.FollowRequest.$Properties} skein.FollowRequest.$Shape
         */

        /**
         * Constructs a new FollowRequest.
         * @memberof skein
         * @classdesc Represents a FollowRequest.
         * @constructor
         * @param {skein.FollowRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const FollowRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * FollowRequest lastIndex.
         * @member {number} lastIndex
         * @memberof skein.FollowRequest
         * @instance
         */
        FollowRequest.prototype.lastIndex = 0;

        /**
         * FollowRequest mark.
         * @member {skein.StateMark.$Properties|null|undefined} mark
         * @memberof skein.FollowRequest
         * @instance
         */
        FollowRequest.prototype.mark = null;

        /**
         * Encodes the specified FollowRequest message. Does not implicitly {@link skein.FollowRequest.verify|verify} messages.
         * @function encode
         * @memberof skein.FollowRequest
         * @static
         * @param {skein.FollowRequest.$Properties} message FollowRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        FollowRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.lastIndex != null && $Object.hasOwnProperty.call(message, "lastIndex") && !$Object.is(message.lastIndex, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.lastIndex);
            if (message.mark != null && $Object.hasOwnProperty.call(message, "mark"))
                $root.skein.StateMark.encode(message.mark, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a FollowRequest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.FollowRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.FollowRequest & skein.FollowRequest.$Shape} FollowRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        FollowRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.FollowRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.lastIndex = value;
                        else
                            delete message.lastIndex;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.mark = $root.skein.StateMark.decode(reader, reader.size(), $undefined, _depth + 1, message.mark);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for FollowRequest
         * @function getTypeUrl
         * @memberof skein.FollowRequest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        FollowRequest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.FollowRequest";
        };

        return FollowRequest;
    })();

    skein.FeedAnswer = (function() {

        /**
         * Properties of a FeedAnswer.
         * @typedef {Object} skein.FeedAnswer.$Properties
         * @property {number|null} [prevIndex] FeedAnswer prevIndex
         * @property {Array.<skein.RaftEntry.$Properties>|null} [entries] FeedAnswer entries
         * @property {number|null} [commitIndex] FeedAnswer commitIndex
         * @property {string|null} [leader] FeedAnswer leader
         * @property {number|null} [term] FeedAnswer term
         * @property {number|null} [staleForMs] FeedAnswer staleForMs
         * @property {skein.StateMark.$Properties|null} [mark] FeedAnswer mark
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a FeedAnswer.
         * @memberof skein
         * @interface IFeedAnswer
         * @augments skein.FeedAnswer.$Properties
         * @deprecated Use skein.FeedAnswer.$Properties instead.
         */

        /**
         * Shape of a FeedAnswer.
         * @typedef {skein.FeedAnswer.$Properties} skein.FeedAnswer.$Shape
         */

        /**
         * Constructs a new FeedAnswer.
         * @memberof skein
         * @classdesc Represents a FeedAnswer.
         * @constructor
         * @param {skein.FeedAnswer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const FeedAnswer = function (properties) {
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * FeedAnswer prevIndex.
         * @member {number} prevIndex
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.prevIndex = 0;

        /**
         * FeedAnswer entries.
         * @member {Array.<skein.RaftEntry.$Properties>} entries
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.entries = $util.emptyArray;

        /**
         * FeedAnswer commitIndex.
         * @member {number} commitIndex
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.commitIndex = 0;

        /**
         * FeedAnswer leader.
         * @member {string} leader
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.leader = "";

        /**
         * FeedAnswer term.
         * @member {number} term
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.term = 0;

        /**
         * FeedAnswer staleForMs.
         * @member {number} staleForMs
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.staleForMs = 0;

        /**
         * FeedAnswer mark.
         * @member {skein.StateMark.$Properties|null|undefined} mark
         * @memberof skein.FeedAnswer
         * @instance
         */
        FeedAnswer.prototype.mark = null;

        /**
         * Encodes the specified FeedAnswer message. Does not implicitly {@link skein.FeedAnswer.verify|verify} messages.
         * @function encode
         * @memberof skein.FeedAnswer
         * @static
         * @param {skein.FeedAnswer.$Properties} message FeedAnswer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        FeedAnswer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.prevIndex != null && $Object.hasOwnProperty.call(message, "prevIndex") && !$Object.is(message.prevIndex, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.prevIndex);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.skein.RaftEntry.encode(message.entries[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.commitIndex != null && $Object.hasOwnProperty.call(message, "commitIndex") && !$Object.is(message.commitIndex, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.commitIndex);
            if (message.leader != null && $Object.hasOwnProperty.call(message, "leader") && message.leader !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.leader);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 5, wireType 1 =*/41).double(message.term);
            if (message.staleForMs != null && $Object.hasOwnProperty.call(message, "staleForMs") && !$Object.is(message.staleForMs, 0))
                writer.uint32(/* id 6, wireType 1 =*/49).double(message.staleForMs);
            if (message.mark != null && $Object.hasOwnProperty.call(message, "mark"))
                $root.skein.StateMark.encode(message.mark, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a FeedAnswer message from the specified reader or buffer.
         * @function decode
         * @memberof skein.FeedAnswer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.FeedAnswer & skein.FeedAnswer.$Shape} FeedAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        FeedAnswer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.FeedAnswer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.prevIndex = value;
                        else
                            delete message.prevIndex;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.skein.RaftEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.commitIndex = value;
                        else
                            delete message.commitIndex;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.leader = value;
                        else
                            delete message.leader;
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 6: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.staleForMs = value;
                        else
                            delete message.staleForMs;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.mark = $root.skein.StateMark.decode(reader, reader.size(), $undefined, _depth + 1, message.mark);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for FeedAnswer
         * @function getTypeUrl
         * @memberof skein.FeedAnswer
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        FeedAnswer.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.FeedAnswer";
        };

        return FeedAnswer;
    })();

    skein.ConfState = (function() {

        /**
         * Properties of a ConfState.
         * @typedef {Object} skein.ConfState.$Properties
         * @property {Array.<number>|null} [voters] ConfState voters
         * @property {Array.<number>|null} [learners] ConfState learners
         * @property {Array.<number>|null} [votersOutgoing] ConfState votersOutgoing
         * @property {Array.<number>|null} [learnersNext] ConfState learnersNext
         * @property {boolean|null} [isAutoLeave] ConfState isAutoLeave
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ConfState.
         * @memberof skein
         * @interface IConfState
         * @augments skein.ConfState.$Properties
         * @deprecated Use skein.ConfState.$Properties instead.
         */

        /**
         * Shape of a ConfState.
         * @typedef {skein.ConfState.$Properties} skein.ConfState.$Shape
         */

        /**
         * Constructs a new ConfState.
         * @memberof skein
         * @classdesc Represents a ConfState.
         * @constructor
         * @param {skein.ConfState.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ConfState = function (properties) {
            this.voters = [];
            this.learners = [];
            this.votersOutgoing = [];
            this.learnersNext = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ConfState voters.
         * @member {Array.<number>} voters
         * @memberof skein.ConfState
         * @instance
         */
        ConfState.prototype.voters = $util.emptyArray;

        /**
         * ConfState learners.
         * @member {Array.<number>} learners
         * @memberof skein.ConfState
         * @instance
         */
        ConfState.prototype.learners = $util.emptyArray;

        /**
         * ConfState votersOutgoing.
         * @member {Array.<number>} votersOutgoing
         * @memberof skein.ConfState
         * @instance
         */
        ConfState.prototype.votersOutgoing = $util.emptyArray;

        /**
         * ConfState learnersNext.
         * @member {Array.<number>} learnersNext
         * @memberof skein.ConfState
         * @instance
         */
        ConfState.prototype.learnersNext = $util.emptyArray;

        /**
         * ConfState isAutoLeave.
         * @member {boolean} isAutoLeave
         * @memberof skein.ConfState
         * @instance
         */
        ConfState.prototype.isAutoLeave = false;

        /**
         * Encodes the specified ConfState message. Does not implicitly {@link skein.ConfState.verify|verify} messages.
         * @function encode
         * @memberof skein.ConfState
         * @static
         * @param {skein.ConfState.$Properties} message ConfState message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ConfState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.voters != null && message.voters.length)
                writer.uint32(/* id 1, wireType 2 =*/10).doubles(message.voters);
            if (message.learners != null && message.learners.length)
                writer.uint32(/* id 2, wireType 2 =*/18).doubles(message.learners);
            if (message.votersOutgoing != null && message.votersOutgoing.length)
                writer.uint32(/* id 3, wireType 2 =*/26).doubles(message.votersOutgoing);
            if (message.learnersNext != null && message.learnersNext.length)
                writer.uint32(/* id 4, wireType 2 =*/34).doubles(message.learnersNext);
            if (message.isAutoLeave != null && $Object.hasOwnProperty.call(message, "isAutoLeave") && message.isAutoLeave !== false)
                writer.uint32(/* id 5, wireType 0 =*/40).bool(message.isAutoLeave);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ConfState message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ConfState
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ConfState & skein.ConfState.$Shape} ConfState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ConfState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ConfState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.voters && message.voters.length))
                                message.voters = [];
                            reader.doubles(message.voters);
                            continue;
                        }
                        if (wireType !== 1)
                            break;
                        if (!(message.voters && message.voters.length))
                            message.voters = [];
                        message.voters.push(reader.double());
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.learners && message.learners.length))
                                message.learners = [];
                            reader.doubles(message.learners);
                            continue;
                        }
                        if (wireType !== 1)
                            break;
                        if (!(message.learners && message.learners.length))
                            message.learners = [];
                        message.learners.push(reader.double());
                        continue;
                    }
                case 3: {
                        if (wireType === 2) {
                            if (!(message.votersOutgoing && message.votersOutgoing.length))
                                message.votersOutgoing = [];
                            reader.doubles(message.votersOutgoing);
                            continue;
                        }
                        if (wireType !== 1)
                            break;
                        if (!(message.votersOutgoing && message.votersOutgoing.length))
                            message.votersOutgoing = [];
                        message.votersOutgoing.push(reader.double());
                        continue;
                    }
                case 4: {
                        if (wireType === 2) {
                            if (!(message.learnersNext && message.learnersNext.length))
                                message.learnersNext = [];
                            reader.doubles(message.learnersNext);
                            continue;
                        }
                        if (wireType !== 1)
                            break;
                        if (!(message.learnersNext && message.learnersNext.length))
                            message.learnersNext = [];
                        message.learnersNext.push(reader.double());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isAutoLeave = value;
                        else
                            delete message.isAutoLeave;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ConfState
         * @function getTypeUrl
         * @memberof skein.ConfState
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ConfState.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ConfState";
        };

        return ConfState;
    })();

    skein.SnapshotOffer = (function() {

        /**
         * Properties of a SnapshotOffer.
         * @typedef {Object} skein.SnapshotOffer.$Properties
         * @property {number|null} [index] SnapshotOffer index
         * @property {number|null} [term] SnapshotOffer term
         * @property {skein.ConfState.$Properties|null} [confState] SnapshotOffer confState
         * @property {number|null} [sizeBytes] SnapshotOffer sizeBytes
         * @property {skein.RaftMessage.$Properties|null} [message] SnapshotOffer message
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SnapshotOffer.
         * @memberof skein
         * @interface ISnapshotOffer
         * @augments skein.SnapshotOffer.$Properties
         * @deprecated Use skein.SnapshotOffer.$Properties instead.
         */

        /**
         * Shape of a SnapshotOffer.
         * @typedef {skein.SnapshotOffer.$Properties} skein.SnapshotOffer.$Shape
         */

        /**
         * Constructs a new SnapshotOffer.
         * @memberof skein
         * @classdesc Represents a SnapshotOffer.
         * @constructor
         * @param {skein.SnapshotOffer.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SnapshotOffer = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SnapshotOffer index.
         * @member {number} index
         * @memberof skein.SnapshotOffer
         * @instance
         */
        SnapshotOffer.prototype.index = 0;

        /**
         * SnapshotOffer term.
         * @member {number} term
         * @memberof skein.SnapshotOffer
         * @instance
         */
        SnapshotOffer.prototype.term = 0;

        /**
         * SnapshotOffer confState.
         * @member {skein.ConfState.$Properties|null|undefined} confState
         * @memberof skein.SnapshotOffer
         * @instance
         */
        SnapshotOffer.prototype.confState = null;

        /**
         * SnapshotOffer sizeBytes.
         * @member {number} sizeBytes
         * @memberof skein.SnapshotOffer
         * @instance
         */
        SnapshotOffer.prototype.sizeBytes = 0;

        /**
         * SnapshotOffer message.
         * @member {skein.RaftMessage.$Properties|null|undefined} message
         * @memberof skein.SnapshotOffer
         * @instance
         */
        SnapshotOffer.prototype.message = null;

        /**
         * Encodes the specified SnapshotOffer message. Does not implicitly {@link skein.SnapshotOffer.verify|verify} messages.
         * @function encode
         * @memberof skein.SnapshotOffer
         * @static
         * @param {skein.SnapshotOffer.$Properties} message SnapshotOffer message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SnapshotOffer.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.index);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.term);
            if (message.confState != null && $Object.hasOwnProperty.call(message, "confState"))
                $root.skein.ConfState.encode(message.confState, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.sizeBytes != null && $Object.hasOwnProperty.call(message, "sizeBytes") && !$Object.is(message.sizeBytes, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.sizeBytes);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                $root.skein.RaftMessage.encode(message.message, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SnapshotOffer message from the specified reader or buffer.
         * @function decode
         * @memberof skein.SnapshotOffer
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.SnapshotOffer & skein.SnapshotOffer.$Shape} SnapshotOffer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SnapshotOffer.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.SnapshotOffer();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.confState = $root.skein.ConfState.decode(reader, reader.size(), $undefined, _depth + 1, message.confState);
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.sizeBytes = value;
                        else
                            delete message.sizeBytes;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.message = $root.skein.RaftMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.message);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for SnapshotOffer
         * @function getTypeUrl
         * @memberof skein.SnapshotOffer
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SnapshotOffer.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.SnapshotOffer";
        };

        return SnapshotOffer;
    })();

    skein.ChunkRequest = (function() {

        /**
         * Properties of a ChunkRequest.
         * @typedef {Object} skein.ChunkRequest.$Properties
         * @property {number|null} [index] ChunkRequest index
         * @property {number|null} [term] ChunkRequest term
         * @property {number|null} [offset] ChunkRequest offset
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ChunkRequest.
         * @memberof skein
         * @interface IChunkRequest
         * @augments skein.ChunkRequest.$Properties
         * @deprecated Use skein.ChunkRequest.$Properties instead.
         */

        /**
         * Shape of a ChunkRequest.
         * @typedef {skein.ChunkRequest.$Properties} skein.ChunkRequest.$Shape
         */

        /**
         * Constructs a new ChunkRequest.
         * @memberof skein
         * @classdesc Represents a ChunkRequest.
         * @constructor
         * @param {skein.ChunkRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ChunkRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ChunkRequest index.
         * @member {number} index
         * @memberof skein.ChunkRequest
         * @instance
         */
        ChunkRequest.prototype.index = 0;

        /**
         * ChunkRequest term.
         * @member {number} term
         * @memberof skein.ChunkRequest
         * @instance
         */
        ChunkRequest.prototype.term = 0;

        /**
         * ChunkRequest offset.
         * @member {number} offset
         * @memberof skein.ChunkRequest
         * @instance
         */
        ChunkRequest.prototype.offset = 0;

        /**
         * Encodes the specified ChunkRequest message. Does not implicitly {@link skein.ChunkRequest.verify|verify} messages.
         * @function encode
         * @memberof skein.ChunkRequest
         * @static
         * @param {skein.ChunkRequest.$Properties} message ChunkRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ChunkRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.index);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.term);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && !$Object.is(message.offset, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.offset);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ChunkRequest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ChunkRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ChunkRequest & skein.ChunkRequest.$Shape} ChunkRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ChunkRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ChunkRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ChunkRequest
         * @function getTypeUrl
         * @memberof skein.ChunkRequest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ChunkRequest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ChunkRequest";
        };

        return ChunkRequest;
    })();

    skein.SnapshotChunk = (function() {

        /**
         * Properties of a SnapshotChunk.
         * @typedef {Object} skein.SnapshotChunk.$Properties
         * @property {number|null} [index] SnapshotChunk index
         * @property {number|null} [term] SnapshotChunk term
         * @property {number|null} [offset] SnapshotChunk offset
         * @property {Uint8Array|null} [bytes] SnapshotChunk bytes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SnapshotChunk.
         * @memberof skein
         * @interface ISnapshotChunk
         * @augments skein.SnapshotChunk.$Properties
         * @deprecated Use skein.SnapshotChunk.$Properties instead.
         */

        /**
         * Shape of a SnapshotChunk.
         * @typedef {skein.SnapshotChunk.$Properties} skein.SnapshotChunk.$Shape
         */

        /**
         * Constructs a new SnapshotChunk.
         * @memberof skein
         * @classdesc Represents a SnapshotChunk.
         * @constructor
         * @param {skein.SnapshotChunk.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SnapshotChunk = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SnapshotChunk index.
         * @member {number} index
         * @memberof skein.SnapshotChunk
         * @instance
         */
        SnapshotChunk.prototype.index = 0;

        /**
         * SnapshotChunk term.
         * @member {number} term
         * @memberof skein.SnapshotChunk
         * @instance
         */
        SnapshotChunk.prototype.term = 0;

        /**
         * SnapshotChunk offset.
         * @member {number} offset
         * @memberof skein.SnapshotChunk
         * @instance
         */
        SnapshotChunk.prototype.offset = 0;

        /**
         * SnapshotChunk bytes.
         * @member {Uint8Array} bytes
         * @memberof skein.SnapshotChunk
         * @instance
         */
        SnapshotChunk.prototype.bytes = $util.newBuffer([]);

        /**
         * Encodes the specified SnapshotChunk message. Does not implicitly {@link skein.SnapshotChunk.verify|verify} messages.
         * @function encode
         * @memberof skein.SnapshotChunk
         * @static
         * @param {skein.SnapshotChunk.$Properties} message SnapshotChunk message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SnapshotChunk.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.index != null && $Object.hasOwnProperty.call(message, "index") && !$Object.is(message.index, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.index);
            if (message.term != null && $Object.hasOwnProperty.call(message, "term") && !$Object.is(message.term, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.term);
            if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && !$Object.is(message.offset, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.offset);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.bytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SnapshotChunk message from the specified reader or buffer.
         * @function decode
         * @memberof skein.SnapshotChunk
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.SnapshotChunk & skein.SnapshotChunk.$Shape} SnapshotChunk
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SnapshotChunk.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.SnapshotChunk();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.index = value;
                        else
                            delete message.index;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.term = value;
                        else
                            delete message.term;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.offset = value;
                        else
                            delete message.offset;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for SnapshotChunk
         * @function getTypeUrl
         * @memberof skein.SnapshotChunk
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SnapshotChunk.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.SnapshotChunk";
        };

        return SnapshotChunk;
    })();

    skein.ConfChange = (function() {

        /**
         * Properties of a ConfChange.
         * @typedef {Object} skein.ConfChange.$Properties
         * @property {number|null} [transition] ConfChange transition
         * @property {Array.<skein.ConfChangeSingle.$Properties>|null} [changes] ConfChange changes
         * @property {Uint8Array|null} [context] ConfChange context
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ConfChange.
         * @memberof skein
         * @interface IConfChange
         * @augments skein.ConfChange.$Properties
         * @deprecated Use skein.ConfChange.$Properties instead.
         */

        /**
         * Shape of a ConfChange.
         * @typedef {skein.ConfChange.$Properties} skein.ConfChange.$Shape
         */

        /**
         * Constructs a new ConfChange.
         * @memberof skein
         * @classdesc Represents a ConfChange.
         * @constructor
         * @param {skein.ConfChange.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ConfChange = function (properties) {
            this.changes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ConfChange transition.
         * @member {number} transition
         * @memberof skein.ConfChange
         * @instance
         */
        ConfChange.prototype.transition = 0;

        /**
         * ConfChange changes.
         * @member {Array.<skein.ConfChangeSingle.$Properties>} changes
         * @memberof skein.ConfChange
         * @instance
         */
        ConfChange.prototype.changes = $util.emptyArray;

        /**
         * ConfChange context.
         * @member {Uint8Array} context
         * @memberof skein.ConfChange
         * @instance
         */
        ConfChange.prototype.context = $util.newBuffer([]);

        /**
         * Encodes the specified ConfChange message. Does not implicitly {@link skein.ConfChange.verify|verify} messages.
         * @function encode
         * @memberof skein.ConfChange
         * @static
         * @param {skein.ConfChange.$Properties} message ConfChange message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ConfChange.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.transition != null && $Object.hasOwnProperty.call(message, "transition") && message.transition !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.transition);
            if (message.changes != null && message.changes.length)
                for (let i = 0; i < message.changes.length; ++i)
                    $root.skein.ConfChangeSingle.encode(message.changes[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.context != null && $Object.hasOwnProperty.call(message, "context") && message.context.length)
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.context);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ConfChange message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ConfChange
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ConfChange & skein.ConfChange.$Shape} ConfChange
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ConfChange.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ConfChange();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.transition = value;
                        else
                            delete message.transition;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.changes && message.changes.length))
                            message.changes = [];
                        message.changes.push($root.skein.ConfChangeSingle.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.context = value;
                        else
                            delete message.context;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ConfChange
         * @function getTypeUrl
         * @memberof skein.ConfChange
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ConfChange.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ConfChange";
        };

        return ConfChange;
    })();

    skein.ConfChangeSingle = (function() {

        /**
         * Properties of a ConfChangeSingle.
         * @typedef {Object} skein.ConfChangeSingle.$Properties
         * @property {number|null} [type] ConfChangeSingle type
         * @property {number|null} [nodeId] ConfChangeSingle nodeId
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ConfChangeSingle.
         * @memberof skein
         * @interface IConfChangeSingle
         * @augments skein.ConfChangeSingle.$Properties
         * @deprecated Use skein.ConfChangeSingle.$Properties instead.
         */

        /**
         * Shape of a ConfChangeSingle.
         * @typedef {skein.ConfChangeSingle.$Properties} skein.ConfChangeSingle.$Shape
         */

        /**
         * Constructs a new ConfChangeSingle.
         * @memberof skein
         * @classdesc Represents a ConfChangeSingle.
         * @constructor
         * @param {skein.ConfChangeSingle.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ConfChangeSingle = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ConfChangeSingle type.
         * @member {number} type
         * @memberof skein.ConfChangeSingle
         * @instance
         */
        ConfChangeSingle.prototype.type = 0;

        /**
         * ConfChangeSingle nodeId.
         * @member {number} nodeId
         * @memberof skein.ConfChangeSingle
         * @instance
         */
        ConfChangeSingle.prototype.nodeId = 0;

        /**
         * Encodes the specified ConfChangeSingle message. Does not implicitly {@link skein.ConfChangeSingle.verify|verify} messages.
         * @function encode
         * @memberof skein.ConfChangeSingle
         * @static
         * @param {skein.ConfChangeSingle.$Properties} message ConfChangeSingle message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ConfChangeSingle.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.type);
            if (message.nodeId != null && $Object.hasOwnProperty.call(message, "nodeId") && !$Object.is(message.nodeId, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.nodeId);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ConfChangeSingle message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ConfChangeSingle
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ConfChangeSingle & skein.ConfChangeSingle.$Shape} ConfChangeSingle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ConfChangeSingle.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ConfChangeSingle();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.nodeId = value;
                        else
                            delete message.nodeId;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ConfChangeSingle
         * @function getTypeUrl
         * @memberof skein.ConfChangeSingle
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ConfChangeSingle.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ConfChangeSingle";
        };

        return ConfChangeSingle;
    })();

    skein.StoredSnapshot = (function() {

        /**
         * Properties of a StoredSnapshot.
         * @typedef {Object} skein.StoredSnapshot.$Properties
         * @property {skein.ConfState.$Properties|null} [confState] StoredSnapshot confState
         * @property {Uint8Array|null} [state] StoredSnapshot state
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a StoredSnapshot.
         * @memberof skein
         * @interface IStoredSnapshot
         * @augments skein.StoredSnapshot.$Properties
         * @deprecated Use skein.StoredSnapshot.$Properties instead.
         */

        /**
         * Shape of a StoredSnapshot.
         * @typedef {skein.StoredSnapshot.$Properties} skein.StoredSnapshot.$Shape
         */

        /**
         * Constructs a new StoredSnapshot.
         * @memberof skein
         * @classdesc Represents a StoredSnapshot.
         * @constructor
         * @param {skein.StoredSnapshot.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const StoredSnapshot = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * StoredSnapshot confState.
         * @member {skein.ConfState.$Properties|null|undefined} confState
         * @memberof skein.StoredSnapshot
         * @instance
         */
        StoredSnapshot.prototype.confState = null;

        /**
         * StoredSnapshot state.
         * @member {Uint8Array} state
         * @memberof skein.StoredSnapshot
         * @instance
         */
        StoredSnapshot.prototype.state = $util.newBuffer([]);

        /**
         * Encodes the specified StoredSnapshot message. Does not implicitly {@link skein.StoredSnapshot.verify|verify} messages.
         * @function encode
         * @memberof skein.StoredSnapshot
         * @static
         * @param {skein.StoredSnapshot.$Properties} message StoredSnapshot message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        StoredSnapshot.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.confState != null && $Object.hasOwnProperty.call(message, "confState"))
                $root.skein.ConfState.encode(message.confState, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.state);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a StoredSnapshot message from the specified reader or buffer.
         * @function decode
         * @memberof skein.StoredSnapshot
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.StoredSnapshot & skein.StoredSnapshot.$Shape} StoredSnapshot
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        StoredSnapshot.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.StoredSnapshot();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.confState = $root.skein.ConfState.decode(reader, reader.size(), $undefined, _depth + 1, message.confState);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for StoredSnapshot
         * @function getTypeUrl
         * @memberof skein.StoredSnapshot
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        StoredSnapshot.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.StoredSnapshot";
        };

        return StoredSnapshot;
    })();

    skein.LaneFrame = (function() {

        /**
         * Properties of a LaneFrame.
         * @typedef {Object} skein.LaneFrame.$Properties
         * @property {number|null} [id] LaneFrame id
         * @property {skein.LaneRequest.$Properties|null} [request] LaneFrame request
         * @property {Uint8Array|null} [requestChunk] LaneFrame requestChunk
         * @property {skein.LaneHead.$Properties|null} [head] LaneFrame head
         * @property {Uint8Array|null} [chunk] LaneFrame chunk
         * @property {skein.LaneEnd.$Properties|null} [end] LaneFrame end
         * @property {skein.LaneError.$Properties|null} [error] LaneFrame error
         * @property {boolean|null} [cancel] LaneFrame cancel
         * @property {number|null} [credit] LaneFrame credit
         * @property {Uint8Array|null} [message] LaneFrame message
         * @property {skein.LaneLongMessage.$Properties|null} [longMessage] LaneFrame longMessage
         * @property {"request"|"requestChunk"|"head"|"chunk"|"end"|"error"|"cancel"|"credit"|"message"|"longMessage"} [body] LaneFrame body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneFrame.
         * @memberof skein
         * @interface ILaneFrame
         * @augments skein.LaneFrame.$Properties
         * @deprecated Use skein.LaneFrame.$Properties instead.
         */

        /**
         * Narrowed shape of a LaneFrame.
         * @typedef {{
         *   id?: number|null;
         *   request?: skein.LaneRequest.$Shape|null;
         *   requestChunk?: Uint8Array|null;
         *   head?: skein.LaneHead.$Shape|null;
         *   chunk?: Uint8Array|null;
         *   end?: skein.LaneEnd.$Shape|null;
         *   error?: skein.LaneError.$Shape|null;
         *   cancel?: boolean|null;
         *   credit?: number|null;
         *   message?: Uint8Array|null;
         *   longMessage?: skein.LaneLongMessage.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "request"; request: skein.LaneRequest.$Shape; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "requestChunk"; request?: null; requestChunk: Uint8Array; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "head"; request?: null; requestChunk?: null; head: skein.LaneHead.$Shape; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "chunk"; request?: null; requestChunk?: null; head?: null; chunk: Uint8Array; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "end"; request?: null; requestChunk?: null; head?: null; chunk?: null; end: skein.LaneEnd.$Shape; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "error"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error: skein.LaneError.$Shape; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "cancel"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel: boolean; credit?: null; message?: null; longMessage?: null }|{ body?: "credit"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit: number; message?: null; longMessage?: null }|{ body?: "message"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message: Uint8Array; longMessage?: null }|{ body?: "longMessage"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage: skein.LaneLongMessage.$Shape })
         * )} skein.LaneFrame.$Shape
         */

        /**
         * Constructs a new LaneFrame.
         * @memberof skein
         * @classdesc Represents a LaneFrame.
         * @constructor
         * @param {skein.LaneFrame.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneFrame = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneFrame id.
         * @member {number} id
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.id = 0;

        /**
         * LaneFrame request.
         * @member {skein.LaneRequest.$Properties|null|undefined} request
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.request = null;

        /**
         * LaneFrame requestChunk.
         * @member {Uint8Array|null|undefined} requestChunk
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.requestChunk = null;

        /**
         * LaneFrame head.
         * @member {skein.LaneHead.$Properties|null|undefined} head
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.head = null;

        /**
         * LaneFrame chunk.
         * @member {Uint8Array|null|undefined} chunk
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.chunk = null;

        /**
         * LaneFrame end.
         * @member {skein.LaneEnd.$Properties|null|undefined} end
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.end = null;

        /**
         * LaneFrame error.
         * @member {skein.LaneError.$Properties|null|undefined} error
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.error = null;

        /**
         * LaneFrame cancel.
         * @member {boolean|null|undefined} cancel
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.cancel = null;

        /**
         * LaneFrame credit.
         * @member {number|null|undefined} credit
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.credit = null;

        /**
         * LaneFrame message.
         * @member {Uint8Array|null|undefined} message
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.message = null;

        /**
         * LaneFrame longMessage.
         * @member {skein.LaneLongMessage.$Properties|null|undefined} longMessage
         * @memberof skein.LaneFrame
         * @instance
         */
        LaneFrame.prototype.longMessage = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * LaneFrame body.
         * @member {"request"|"requestChunk"|"head"|"chunk"|"end"|"error"|"cancel"|"credit"|"message"|"longMessage"|undefined} body
         * @memberof skein.LaneFrame
         * @instance
         */
        $Object.defineProperty(LaneFrame.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["request", "requestChunk", "head", "chunk", "end", "error", "cancel", "credit", "message", "longMessage"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified LaneFrame message. Does not implicitly {@link skein.LaneFrame.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneFrame
         * @static
         * @param {skein.LaneFrame.$Properties} message LaneFrame message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneFrame.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.request != null && $Object.hasOwnProperty.call(message, "request"))
                $root.skein.LaneRequest.encode(message.request, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.requestChunk != null && $Object.hasOwnProperty.call(message, "requestChunk"))
                writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.requestChunk);
            if (message.head != null && $Object.hasOwnProperty.call(message, "head"))
                $root.skein.LaneHead.encode(message.head, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.chunk != null && $Object.hasOwnProperty.call(message, "chunk"))
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.chunk);
            if (message.end != null && $Object.hasOwnProperty.call(message, "end"))
                $root.skein.LaneEnd.encode(message.end, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                $root.skein.LaneError.encode(message.error, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.cancel != null && $Object.hasOwnProperty.call(message, "cancel"))
                writer.uint32(/* id 8, wireType 0 =*/64).bool(message.cancel);
            if (message.credit != null && $Object.hasOwnProperty.call(message, "credit"))
                writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.credit);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.message);
            if (message.longMessage != null && $Object.hasOwnProperty.call(message, "longMessage"))
                $root.skein.LaneLongMessage.encode(message.longMessage, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneFrame message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneFrame
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneFrame & skein.LaneFrame.$Shape} LaneFrame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneFrame.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneFrame();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.request = $root.skein.LaneRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.request);
                        message.body = "request";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.requestChunk = reader.bytes();
                        message.body = "requestChunk";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.head = $root.skein.LaneHead.decode(reader, reader.size(), $undefined, _depth + 1, message.head);
                        message.body = "head";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.chunk = reader.bytes();
                        message.body = "chunk";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.end = $root.skein.LaneEnd.decode(reader, reader.size(), $undefined, _depth + 1, message.end);
                        message.body = "end";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.error = $root.skein.LaneError.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                        message.body = "error";
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message.cancel = reader.bool();
                        message.body = "cancel";
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        message.credit = reader.uint32();
                        message.body = "credit";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.message = reader.bytes();
                        message.body = "message";
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.longMessage = $root.skein.LaneLongMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.longMessage);
                        message.body = "longMessage";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneFrame
         * @function getTypeUrl
         * @memberof skein.LaneFrame
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneFrame.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneFrame";
        };

        return LaneFrame;
    })();

    skein.LaneLongMessage = (function() {

        /**
         * Properties of a LaneLongMessage.
         * @typedef {Object} skein.LaneLongMessage.$Properties
         * @property {Uint8Array|null} [part] LaneLongMessage part
         * @property {boolean|null} [isLast] LaneLongMessage isLast
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneLongMessage.
         * @memberof skein
         * @interface ILaneLongMessage
         * @augments skein.LaneLongMessage.$Properties
         * @deprecated Use skein.LaneLongMessage.$Properties instead.
         */

        /**
         * Shape of a LaneLongMessage.
         * @typedef {skein.LaneLongMessage.$Properties} skein.LaneLongMessage.$Shape
         */

        /**
         * Constructs a new LaneLongMessage.
         * @memberof skein
         * @classdesc Represents a LaneLongMessage.
         * @constructor
         * @param {skein.LaneLongMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneLongMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneLongMessage part.
         * @member {Uint8Array} part
         * @memberof skein.LaneLongMessage
         * @instance
         */
        LaneLongMessage.prototype.part = $util.newBuffer([]);

        /**
         * LaneLongMessage isLast.
         * @member {boolean} isLast
         * @memberof skein.LaneLongMessage
         * @instance
         */
        LaneLongMessage.prototype.isLast = false;

        /**
         * Encodes the specified LaneLongMessage message. Does not implicitly {@link skein.LaneLongMessage.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneLongMessage
         * @static
         * @param {skein.LaneLongMessage.$Properties} message LaneLongMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneLongMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.part != null && $Object.hasOwnProperty.call(message, "part") && message.part.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.part);
            if (message.isLast != null && $Object.hasOwnProperty.call(message, "isLast") && message.isLast !== false)
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.isLast);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneLongMessage message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneLongMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneLongMessage & skein.LaneLongMessage.$Shape} LaneLongMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneLongMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneLongMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.part = value;
                        else
                            delete message.part;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isLast = value;
                        else
                            delete message.isLast;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneLongMessage
         * @function getTypeUrl
         * @memberof skein.LaneLongMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneLongMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneLongMessage";
        };

        return LaneLongMessage;
    })();

    skein.LaneRequest = (function() {

        /**
         * Properties of a LaneRequest.
         * @typedef {Object} skein.LaneRequest.$Properties
         * @property {string|null} [method] LaneRequest method
         * @property {Object.<string,string>|null} [headers] LaneRequest headers
         * @property {number|null} [bodyBytes] LaneRequest bodyBytes
         * @property {Uint8Array|null} [body] LaneRequest body
         * @property {number|null} [credit] LaneRequest credit
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneRequest.
         * @memberof skein
         * @interface ILaneRequest
         * @augments skein.LaneRequest.$Properties
         * @deprecated Use skein.LaneRequest.$Properties instead.
         */

        /**
         * Shape of a LaneRequest.
         * @typedef {skein.LaneRequest.$Properties} skein.LaneRequest.$Shape
         */

        /**
         * Constructs a new LaneRequest.
         * @memberof skein
         * @classdesc Represents a LaneRequest.
         * @constructor
         * @param {skein.LaneRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneRequest = function (properties) {
            this.headers = {};
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneRequest method.
         * @member {string} method
         * @memberof skein.LaneRequest
         * @instance
         */
        LaneRequest.prototype.method = "";

        /**
         * LaneRequest headers.
         * @member {Object.<string,string>} headers
         * @memberof skein.LaneRequest
         * @instance
         */
        LaneRequest.prototype.headers = $util.emptyObject;

        /**
         * LaneRequest bodyBytes.
         * @member {number} bodyBytes
         * @memberof skein.LaneRequest
         * @instance
         */
        LaneRequest.prototype.bodyBytes = 0;

        /**
         * LaneRequest body.
         * @member {Uint8Array} body
         * @memberof skein.LaneRequest
         * @instance
         */
        LaneRequest.prototype.body = $util.newBuffer([]);

        /**
         * LaneRequest credit.
         * @member {number} credit
         * @memberof skein.LaneRequest
         * @instance
         */
        LaneRequest.prototype.credit = 0;

        /**
         * Encodes the specified LaneRequest message. Does not implicitly {@link skein.LaneRequest.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneRequest
         * @static
         * @param {skein.LaneRequest.$Properties} message LaneRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.method != null && $Object.hasOwnProperty.call(message, "method") && message.method !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.method);
            if (message.headers != null && $Object.hasOwnProperty.call(message, "headers"))
                for (let keys = $Object.keys(message.headers), i = 0; i < keys.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.headers[keys[i]]).ldelim();
            if (message.bodyBytes != null && $Object.hasOwnProperty.call(message, "bodyBytes") && message.bodyBytes !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.bodyBytes);
            if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.body);
            if (message.credit != null && $Object.hasOwnProperty.call(message, "credit") && message.credit !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.credit);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneRequest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneRequest & skein.LaneRequest.$Shape} LaneRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.method = value;
                        else
                            delete message.method;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (message.headers === $util.emptyObject)
                            message.headers = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = "";
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = reader.stringVerify();
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.headers, key);
                        message.headers[key] = value;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.bodyBytes = value;
                        else
                            delete message.bodyBytes;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.body = value;
                        else
                            delete message.body;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.credit = value;
                        else
                            delete message.credit;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneRequest
         * @function getTypeUrl
         * @memberof skein.LaneRequest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneRequest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneRequest";
        };

        return LaneRequest;
    })();

    skein.LaneHead = (function() {

        /**
         * Properties of a LaneHead.
         * @typedef {Object} skein.LaneHead.$Properties
         * @property {number|null} [status] LaneHead status
         * @property {Object.<string,string>|null} [headers] LaneHead headers
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneHead.
         * @memberof skein
         * @interface ILaneHead
         * @augments skein.LaneHead.$Properties
         * @deprecated Use skein.LaneHead.$Properties instead.
         */

        /**
         * Shape of a LaneHead.
         * @typedef {skein.LaneHead.$Properties} skein.LaneHead.$Shape
         */

        /**
         * Constructs a new LaneHead.
         * @memberof skein
         * @classdesc Represents a LaneHead.
         * @constructor
         * @param {skein.LaneHead.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneHead = function (properties) {
            this.headers = {};
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneHead status.
         * @member {number} status
         * @memberof skein.LaneHead
         * @instance
         */
        LaneHead.prototype.status = 0;

        /**
         * LaneHead headers.
         * @member {Object.<string,string>} headers
         * @memberof skein.LaneHead
         * @instance
         */
        LaneHead.prototype.headers = $util.emptyObject;

        /**
         * Encodes the specified LaneHead message. Does not implicitly {@link skein.LaneHead.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneHead
         * @static
         * @param {skein.LaneHead.$Properties} message LaneHead message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneHead.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.status);
            if (message.headers != null && $Object.hasOwnProperty.call(message, "headers"))
                for (let keys = $Object.keys(message.headers), i = 0; i < keys.length; ++i)
                    writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.headers[keys[i]]).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneHead message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneHead
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneHead & skein.LaneHead.$Shape} LaneHead
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneHead.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneHead();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.status = value;
                        else
                            delete message.status;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (message.headers === $util.emptyObject)
                            message.headers = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = "";
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = reader.stringVerify();
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.headers, key);
                        message.headers[key] = value;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneHead
         * @function getTypeUrl
         * @memberof skein.LaneHead
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneHead.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneHead";
        };

        return LaneHead;
    })();

    skein.LaneEnd = (function() {

        /**
         * Properties of a LaneEnd.
         * @typedef {Object} skein.LaneEnd.$Properties
         * @property {Uint8Array|null} [trailer] LaneEnd trailer
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneEnd.
         * @memberof skein
         * @interface ILaneEnd
         * @augments skein.LaneEnd.$Properties
         * @deprecated Use skein.LaneEnd.$Properties instead.
         */

        /**
         * Shape of a LaneEnd.
         * @typedef {skein.LaneEnd.$Properties} skein.LaneEnd.$Shape
         */

        /**
         * Constructs a new LaneEnd.
         * @memberof skein
         * @classdesc Represents a LaneEnd.
         * @constructor
         * @param {skein.LaneEnd.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneEnd = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneEnd trailer.
         * @member {Uint8Array} trailer
         * @memberof skein.LaneEnd
         * @instance
         */
        LaneEnd.prototype.trailer = $util.newBuffer([]);

        /**
         * Encodes the specified LaneEnd message. Does not implicitly {@link skein.LaneEnd.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneEnd
         * @static
         * @param {skein.LaneEnd.$Properties} message LaneEnd message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneEnd.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.trailer != null && $Object.hasOwnProperty.call(message, "trailer") && message.trailer.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.trailer);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneEnd message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneEnd
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneEnd & skein.LaneEnd.$Shape} LaneEnd
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneEnd.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneEnd();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.trailer = value;
                        else
                            delete message.trailer;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneEnd
         * @function getTypeUrl
         * @memberof skein.LaneEnd
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneEnd.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneEnd";
        };

        return LaneEnd;
    })();

    skein.LaneError = (function() {

        /**
         * Properties of a LaneError.
         * @typedef {Object} skein.LaneError.$Properties
         * @property {string|null} [code] LaneError code
         * @property {string|null} [message] LaneError message
         * @property {string|null} [details] LaneError details
         * @property {Uint8Array|null} [trailer] LaneError trailer
         * @property {string|null} [hint] LaneError hint
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LaneError.
         * @memberof skein
         * @interface ILaneError
         * @augments skein.LaneError.$Properties
         * @deprecated Use skein.LaneError.$Properties instead.
         */

        /**
         * Shape of a LaneError.
         * @typedef {skein.LaneError.$Properties} skein.LaneError.$Shape
         */

        /**
         * Constructs a new LaneError.
         * @memberof skein
         * @classdesc Represents a LaneError.
         * @constructor
         * @param {skein.LaneError.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LaneError = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LaneError code.
         * @member {string} code
         * @memberof skein.LaneError
         * @instance
         */
        LaneError.prototype.code = "";

        /**
         * LaneError message.
         * @member {string} message
         * @memberof skein.LaneError
         * @instance
         */
        LaneError.prototype.message = "";

        /**
         * LaneError details.
         * @member {string} details
         * @memberof skein.LaneError
         * @instance
         */
        LaneError.prototype.details = "";

        /**
         * LaneError trailer.
         * @member {Uint8Array} trailer
         * @memberof skein.LaneError
         * @instance
         */
        LaneError.prototype.trailer = $util.newBuffer([]);

        /**
         * LaneError hint.
         * @member {string} hint
         * @memberof skein.LaneError
         * @instance
         */
        LaneError.prototype.hint = "";

        /**
         * Encodes the specified LaneError message. Does not implicitly {@link skein.LaneError.verify|verify} messages.
         * @function encode
         * @memberof skein.LaneError
         * @static
         * @param {skein.LaneError.$Properties} message LaneError message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LaneError.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
            if (message.details != null && $Object.hasOwnProperty.call(message, "details") && message.details !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.details);
            if (message.trailer != null && $Object.hasOwnProperty.call(message, "trailer") && message.trailer.length)
                writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.trailer);
            if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.hint);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LaneError message from the specified reader or buffer.
         * @function decode
         * @memberof skein.LaneError
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.LaneError & skein.LaneError.$Shape} LaneError
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LaneError.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.LaneError();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.code = value;
                        else
                            delete message.code;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.details = value;
                        else
                            delete message.details;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.trailer = value;
                        else
                            delete message.trailer;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.hint = value;
                        else
                            delete message.hint;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LaneError
         * @function getTypeUrl
         * @memberof skein.LaneError
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LaneError.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.LaneError";
        };

        return LaneError;
    })();

    skein.MembershipMessage = (function() {

        /**
         * Properties of a MembershipMessage.
         * @typedef {Object} skein.MembershipMessage.$Properties
         * @property {number|null} [ping] MembershipMessage ping
         * @property {number|null} [ack] MembershipMessage ack
         * @property {skein.PingRequest.$Properties|null} [pingRequest] MembershipMessage pingRequest
         * @property {number|null} [nack] MembershipMessage nack
         * @property {skein.Digest.$Properties|null} [digest] MembershipMessage digest
         * @property {skein.Entries.$Properties|null} [entries] MembershipMessage entries
         * @property {skein.Delta.$Properties|null} [delta] MembershipMessage delta
         * @property {boolean|null} [release] MembershipMessage release
         * @property {boolean|null} [news] MembershipMessage news
         * @property {number|null} [headIncarnation] MembershipMessage headIncarnation
         * @property {number|null} [headVersion] MembershipMessage headVersion
         * @property {skein.Coordinate.$Properties|null} [coordinate] MembershipMessage coordinate
         * @property {Array.<Uint8Array>|null} [claims] MembershipMessage claims
         * @property {Array.<skein.Accusation.$Properties>|null} [accusations] MembershipMessage accusations
         * @property {"ping"|"ack"|"pingRequest"|"nack"|"digest"|"entries"|"delta"|"release"|"news"} [body] MembershipMessage body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a MembershipMessage.
         * @memberof skein
         * @interface IMembershipMessage
         * @augments skein.MembershipMessage.$Properties
         * @deprecated Use skein.MembershipMessage.$Properties instead.
         */

        /**
         * Narrowed shape of a MembershipMessage.
         * @typedef {{
         *   ping?: number|null;
         *   ack?: number|null;
         *   pingRequest?: skein.PingRequest.$Shape|null;
         *   nack?: number|null;
         *   digest?: skein.Digest.$Shape|null;
         *   entries?: skein.Entries.$Shape|null;
         *   delta?: skein.Delta.$Shape|null;
         *   release?: boolean|null;
         *   news?: boolean|null;
         *   headIncarnation?: number|null;
         *   headVersion?: number|null;
         *   coordinate?: skein.Coordinate.$Shape|null;
         *   claims?: Array.<Uint8Array>|null;
         *   accusations?: Array.<skein.Accusation.$Shape>|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ body?: undefined; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "ping"; ping: number; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "ack"; ping?: null; ack: number; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "pingRequest"; ping?: null; ack?: null; pingRequest: skein.PingRequest.$Shape; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "nack"; ping?: null; ack?: null; pingRequest?: null; nack: number; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "digest"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest: skein.Digest.$Shape; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "entries"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries: skein.Entries.$Shape; delta?: null; release?: null; news?: null }|{ body?: "delta"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta: skein.Delta.$Shape; release?: null; news?: null }|{ body?: "release"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release: boolean; news?: null }|{ body?: "news"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news: boolean })
         * )} skein.MembershipMessage.$Shape
         */

        /**
         * Constructs a new MembershipMessage.
         * @memberof skein
         * @classdesc Represents a MembershipMessage.
         * @constructor
         * @param {skein.MembershipMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const MembershipMessage = function (properties) {
            this.claims = [];
            this.accusations = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * MembershipMessage ping.
         * @member {number|null|undefined} ping
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.ping = null;

        /**
         * MembershipMessage ack.
         * @member {number|null|undefined} ack
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.ack = null;

        /**
         * MembershipMessage pingRequest.
         * @member {skein.PingRequest.$Properties|null|undefined} pingRequest
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.pingRequest = null;

        /**
         * MembershipMessage nack.
         * @member {number|null|undefined} nack
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.nack = null;

        /**
         * MembershipMessage digest.
         * @member {skein.Digest.$Properties|null|undefined} digest
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.digest = null;

        /**
         * MembershipMessage entries.
         * @member {skein.Entries.$Properties|null|undefined} entries
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.entries = null;

        /**
         * MembershipMessage delta.
         * @member {skein.Delta.$Properties|null|undefined} delta
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.delta = null;

        /**
         * MembershipMessage release.
         * @member {boolean|null|undefined} release
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.release = null;

        /**
         * MembershipMessage news.
         * @member {boolean|null|undefined} news
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.news = null;

        /**
         * MembershipMessage headIncarnation.
         * @member {number} headIncarnation
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.headIncarnation = 0;

        /**
         * MembershipMessage headVersion.
         * @member {number} headVersion
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.headVersion = 0;

        /**
         * MembershipMessage coordinate.
         * @member {skein.Coordinate.$Properties|null|undefined} coordinate
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.coordinate = null;

        /**
         * MembershipMessage claims.
         * @member {Array.<Uint8Array>} claims
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.claims = $util.emptyArray;

        /**
         * MembershipMessage accusations.
         * @member {Array.<skein.Accusation.$Properties>} accusations
         * @memberof skein.MembershipMessage
         * @instance
         */
        MembershipMessage.prototype.accusations = $util.emptyArray;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * MembershipMessage body.
         * @member {"ping"|"ack"|"pingRequest"|"nack"|"digest"|"entries"|"delta"|"release"|"news"|undefined} body
         * @memberof skein.MembershipMessage
         * @instance
         */
        $Object.defineProperty(MembershipMessage.prototype, "body", {
            get: $util.oneOfGetter($oneOfFields = ["ping", "ack", "pingRequest", "nack", "digest", "entries", "delta", "release", "news"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified MembershipMessage message. Does not implicitly {@link skein.MembershipMessage.verify|verify} messages.
         * @function encode
         * @memberof skein.MembershipMessage
         * @static
         * @param {skein.MembershipMessage.$Properties} message MembershipMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MembershipMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ping != null && $Object.hasOwnProperty.call(message, "ping"))
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.ping);
            if (message.ack != null && $Object.hasOwnProperty.call(message, "ack"))
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.ack);
            if (message.pingRequest != null && $Object.hasOwnProperty.call(message, "pingRequest"))
                $root.skein.PingRequest.encode(message.pingRequest, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
            if (message.nack != null && $Object.hasOwnProperty.call(message, "nack"))
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.nack);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                $root.skein.Digest.encode(message.digest, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
            if (message.entries != null && $Object.hasOwnProperty.call(message, "entries"))
                $root.skein.Entries.encode(message.entries, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.delta != null && $Object.hasOwnProperty.call(message, "delta"))
                $root.skein.Delta.encode(message.delta, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
            if (message.release != null && $Object.hasOwnProperty.call(message, "release"))
                writer.uint32(/* id 8, wireType 0 =*/64).bool(message.release);
            if (message.headIncarnation != null && $Object.hasOwnProperty.call(message, "headIncarnation") && !$Object.is(message.headIncarnation, 0))
                writer.uint32(/* id 9, wireType 1 =*/73).double(message.headIncarnation);
            if (message.headVersion != null && $Object.hasOwnProperty.call(message, "headVersion") && message.headVersion !== 0)
                writer.uint32(/* id 10, wireType 0 =*/80).uint32(message.headVersion);
            if (message.coordinate != null && $Object.hasOwnProperty.call(message, "coordinate"))
                $root.skein.Coordinate.encode(message.coordinate, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.claims != null && message.claims.length)
                for (let i = 0; i < message.claims.length; ++i)
                    writer.uint32(/* id 12, wireType 2 =*/98).bytes(message.claims[i]);
            if (message.accusations != null && message.accusations.length)
                for (let i = 0; i < message.accusations.length; ++i)
                    $root.skein.Accusation.encode(message.accusations[i], writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
            if (message.news != null && $Object.hasOwnProperty.call(message, "news"))
                writer.uint32(/* id 14, wireType 0 =*/112).bool(message.news);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a MembershipMessage message from the specified reader or buffer.
         * @function decode
         * @memberof skein.MembershipMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.MembershipMessage & skein.MembershipMessage.$Shape} MembershipMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MembershipMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.MembershipMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.ping = reader.uint32();
                        message.body = "ping";
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.ack = reader.uint32();
                        message.body = "ack";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.pingRequest = $root.skein.PingRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.pingRequest);
                        message.body = "pingRequest";
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        message.nack = reader.uint32();
                        message.body = "nack";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.digest = $root.skein.Digest.decode(reader, reader.size(), $undefined, _depth + 1, message.digest);
                        message.body = "digest";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.entries = $root.skein.Entries.decode(reader, reader.size(), $undefined, _depth + 1, message.entries);
                        message.body = "entries";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.delta = $root.skein.Delta.decode(reader, reader.size(), $undefined, _depth + 1, message.delta);
                        message.body = "delta";
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message.release = reader.bool();
                        message.body = "release";
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        message.news = reader.bool();
                        message.body = "news";
                        continue;
                    }
                case 9: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.headIncarnation = value;
                        else
                            delete message.headIncarnation;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.headVersion = value;
                        else
                            delete message.headVersion;
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.coordinate = $root.skein.Coordinate.decode(reader, reader.size(), $undefined, _depth + 1, message.coordinate);
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        if (!(message.claims && message.claims.length))
                            message.claims = [];
                        message.claims.push(reader.bytes());
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        if (!(message.accusations && message.accusations.length))
                            message.accusations = [];
                        message.accusations.push($root.skein.Accusation.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for MembershipMessage
         * @function getTypeUrl
         * @memberof skein.MembershipMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        MembershipMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.MembershipMessage";
        };

        return MembershipMessage;
    })();

    skein.PingRequest = (function() {

        /**
         * Properties of a PingRequest.
         * @typedef {Object} skein.PingRequest.$Properties
         * @property {number|null} [sequence] PingRequest sequence
         * @property {string|null} [target] PingRequest target
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PingRequest.
         * @memberof skein
         * @interface IPingRequest
         * @augments skein.PingRequest.$Properties
         * @deprecated Use skein.PingRequest.$Properties instead.
         */

        /**
         * Shape of a PingRequest.
         * @typedef {skein.PingRequest.$Properties} skein.PingRequest.$Shape
         */

        /**
         * Constructs a new PingRequest.
         * @memberof skein
         * @classdesc Represents a PingRequest.
         * @constructor
         * @param {skein.PingRequest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PingRequest = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PingRequest sequence.
         * @member {number} sequence
         * @memberof skein.PingRequest
         * @instance
         */
        PingRequest.prototype.sequence = 0;

        /**
         * PingRequest target.
         * @member {string} target
         * @memberof skein.PingRequest
         * @instance
         */
        PingRequest.prototype.target = "";

        /**
         * Encodes the specified PingRequest message. Does not implicitly {@link skein.PingRequest.verify|verify} messages.
         * @function encode
         * @memberof skein.PingRequest
         * @static
         * @param {skein.PingRequest.$Properties} message PingRequest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PingRequest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && message.sequence !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.sequence);
            if (message.target != null && $Object.hasOwnProperty.call(message, "target") && message.target !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.target);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PingRequest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.PingRequest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.PingRequest & skein.PingRequest.$Shape} PingRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PingRequest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.PingRequest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.sequence = value;
                        else
                            delete message.sequence;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.target = value;
                        else
                            delete message.target;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for PingRequest
         * @function getTypeUrl
         * @memberof skein.PingRequest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        PingRequest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.PingRequest";
        };

        return PingRequest;
    })();

    skein.Digest = (function() {

        /**
         * Properties of a Digest.
         * @typedef {Object} skein.Digest.$Properties
         * @property {Array.<number>|null} [hashes] Digest hashes
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Digest.
         * @memberof skein
         * @interface IDigest
         * @augments skein.Digest.$Properties
         * @deprecated Use skein.Digest.$Properties instead.
         */

        /**
         * Shape of a Digest.
         * @typedef {skein.Digest.$Properties} skein.Digest.$Shape
         */

        /**
         * Constructs a new Digest.
         * @memberof skein
         * @classdesc Represents a Digest.
         * @constructor
         * @param {skein.Digest.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Digest = function (properties) {
            this.hashes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Digest hashes.
         * @member {Array.<number>} hashes
         * @memberof skein.Digest
         * @instance
         */
        Digest.prototype.hashes = $util.emptyArray;

        /**
         * Encodes the specified Digest message. Does not implicitly {@link skein.Digest.verify|verify} messages.
         * @function encode
         * @memberof skein.Digest
         * @static
         * @param {skein.Digest.$Properties} message Digest message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Digest.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hashes != null && message.hashes.length)
                writer.uint32(/* id 1, wireType 2 =*/10).fixed32s(message.hashes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Digest message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Digest
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Digest & skein.Digest.$Shape} Digest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Digest.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Digest();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.hashes && message.hashes.length))
                                message.hashes = [];
                            reader.fixed32s(message.hashes);
                            continue;
                        }
                        if (wireType !== 5)
                            break;
                        if (!(message.hashes && message.hashes.length))
                            message.hashes = [];
                        message.hashes.push(reader.fixed32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Digest
         * @function getTypeUrl
         * @memberof skein.Digest
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Digest.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Digest";
        };

        return Digest;
    })();

    skein.Entries = (function() {

        /**
         * Properties of an Entries.
         * @typedef {Object} skein.Entries.$Properties
         * @property {Array.<number>|null} [buckets] Entries buckets
         * @property {Array.<skein.DigestEntry.$Properties>|null} [entries] Entries entries
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Entries.
         * @memberof skein
         * @interface IEntries
         * @augments skein.Entries.$Properties
         * @deprecated Use skein.Entries.$Properties instead.
         */

        /**
         * Shape of an Entries.
         * @typedef {skein.Entries.$Properties} skein.Entries.$Shape
         */

        /**
         * Constructs a new Entries.
         * @memberof skein
         * @classdesc Represents an Entries.
         * @constructor
         * @param {skein.Entries.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Entries = function (properties) {
            this.buckets = [];
            this.entries = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Entries buckets.
         * @member {Array.<number>} buckets
         * @memberof skein.Entries
         * @instance
         */
        Entries.prototype.buckets = $util.emptyArray;

        /**
         * Entries entries.
         * @member {Array.<skein.DigestEntry.$Properties>} entries
         * @memberof skein.Entries
         * @instance
         */
        Entries.prototype.entries = $util.emptyArray;

        /**
         * Encodes the specified Entries message. Does not implicitly {@link skein.Entries.verify|verify} messages.
         * @function encode
         * @memberof skein.Entries
         * @static
         * @param {skein.Entries.$Properties} message Entries message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Entries.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.buckets != null && message.buckets.length)
                writer.uint32(/* id 1, wireType 2 =*/10).uint32s(message.buckets);
            if (message.entries != null && message.entries.length)
                for (let i = 0; i < message.entries.length; ++i)
                    $root.skein.DigestEntry.encode(message.entries[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Entries message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Entries
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Entries & skein.Entries.$Shape} Entries
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Entries.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Entries();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.buckets && message.buckets.length))
                                message.buckets = [];
                            reader.uint32s(message.buckets);
                            continue;
                        }
                        if (wireType !== 0)
                            break;
                        if (!(message.buckets && message.buckets.length))
                            message.buckets = [];
                        message.buckets.push(reader.uint32());
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.entries && message.entries.length))
                            message.entries = [];
                        message.entries.push($root.skein.DigestEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Entries
         * @function getTypeUrl
         * @memberof skein.Entries
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Entries.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Entries";
        };

        return Entries;
    })();

    skein.DigestEntry = (function() {

        /**
         * Properties of a DigestEntry.
         * @typedef {Object} skein.DigestEntry.$Properties
         * @property {string|null} [peer] DigestEntry peer
         * @property {number|null} [incarnation] DigestEntry incarnation
         * @property {number|null} [version] DigestEntry version
         * @property {number|null} [status] DigestEntry status
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a DigestEntry.
         * @memberof skein
         * @interface IDigestEntry
         * @augments skein.DigestEntry.$Properties
         * @deprecated Use skein.DigestEntry.$Properties instead.
         */

        /**
         * Shape of a DigestEntry.
         * @typedef {skein.DigestEntry.$Properties} skein.DigestEntry.$Shape
         */

        /**
         * Constructs a new DigestEntry.
         * @memberof skein
         * @classdesc Represents a DigestEntry.
         * @constructor
         * @param {skein.DigestEntry.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const DigestEntry = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * DigestEntry peer.
         * @member {string} peer
         * @memberof skein.DigestEntry
         * @instance
         */
        DigestEntry.prototype.peer = "";

        /**
         * DigestEntry incarnation.
         * @member {number} incarnation
         * @memberof skein.DigestEntry
         * @instance
         */
        DigestEntry.prototype.incarnation = 0;

        /**
         * DigestEntry version.
         * @member {number} version
         * @memberof skein.DigestEntry
         * @instance
         */
        DigestEntry.prototype.version = 0;

        /**
         * DigestEntry status.
         * @member {number} status
         * @memberof skein.DigestEntry
         * @instance
         */
        DigestEntry.prototype.status = 0;

        /**
         * Encodes the specified DigestEntry message. Does not implicitly {@link skein.DigestEntry.verify|verify} messages.
         * @function encode
         * @memberof skein.DigestEntry
         * @static
         * @param {skein.DigestEntry.$Properties} message DigestEntry message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        DigestEntry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.peer);
            if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && !$Object.is(message.incarnation, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.incarnation);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.version);
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.status);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a DigestEntry message from the specified reader or buffer.
         * @function decode
         * @memberof skein.DigestEntry
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.DigestEntry & skein.DigestEntry.$Shape} DigestEntry
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        DigestEntry.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.DigestEntry();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.peer = value;
                        else
                            delete message.peer;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.incarnation = value;
                        else
                            delete message.incarnation;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.status = value;
                        else
                            delete message.status;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for DigestEntry
         * @function getTypeUrl
         * @memberof skein.DigestEntry
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        DigestEntry.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.DigestEntry";
        };

        return DigestEntry;
    })();

    skein.Delta = (function() {

        /**
         * Properties of a Delta.
         * @typedef {Object} skein.Delta.$Properties
         * @property {Array.<string>|null} [wanted] Delta wanted
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Delta.
         * @memberof skein
         * @interface IDelta
         * @augments skein.Delta.$Properties
         * @deprecated Use skein.Delta.$Properties instead.
         */

        /**
         * Shape of a Delta.
         * @typedef {skein.Delta.$Properties} skein.Delta.$Shape
         */

        /**
         * Constructs a new Delta.
         * @memberof skein
         * @classdesc Represents a Delta.
         * @constructor
         * @param {skein.Delta.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Delta = function (properties) {
            this.wanted = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Delta wanted.
         * @member {Array.<string>} wanted
         * @memberof skein.Delta
         * @instance
         */
        Delta.prototype.wanted = $util.emptyArray;

        /**
         * Encodes the specified Delta message. Does not implicitly {@link skein.Delta.verify|verify} messages.
         * @function encode
         * @memberof skein.Delta
         * @static
         * @param {skein.Delta.$Properties} message Delta message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Delta.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.wanted != null && message.wanted.length)
                for (let i = 0; i < message.wanted.length; ++i)
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.wanted[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Delta message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Delta
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Delta & skein.Delta.$Shape} Delta
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Delta.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Delta();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.wanted && message.wanted.length))
                            message.wanted = [];
                        message.wanted.push(reader.stringVerify());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Delta
         * @function getTypeUrl
         * @memberof skein.Delta
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Delta.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Delta";
        };

        return Delta;
    })();

    skein.Accusation = (function() {

        /**
         * Properties of an Accusation.
         * @typedef {Object} skein.Accusation.$Properties
         * @property {string|null} [peer] Accusation peer
         * @property {number|null} [incarnation] Accusation incarnation
         * @property {boolean|null} [isDead] Accusation isDead
         * @property {string|null} [accuser] Accusation accuser
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Accusation.
         * @memberof skein
         * @interface IAccusation
         * @augments skein.Accusation.$Properties
         * @deprecated Use skein.Accusation.$Properties instead.
         */

        /**
         * Shape of an Accusation.
         * @typedef {skein.Accusation.$Properties} skein.Accusation.$Shape
         */

        /**
         * Constructs a new Accusation.
         * @memberof skein
         * @classdesc Represents an Accusation.
         * @constructor
         * @param {skein.Accusation.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Accusation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Accusation peer.
         * @member {string} peer
         * @memberof skein.Accusation
         * @instance
         */
        Accusation.prototype.peer = "";

        /**
         * Accusation incarnation.
         * @member {number} incarnation
         * @memberof skein.Accusation
         * @instance
         */
        Accusation.prototype.incarnation = 0;

        /**
         * Accusation isDead.
         * @member {boolean} isDead
         * @memberof skein.Accusation
         * @instance
         */
        Accusation.prototype.isDead = false;

        /**
         * Accusation accuser.
         * @member {string} accuser
         * @memberof skein.Accusation
         * @instance
         */
        Accusation.prototype.accuser = "";

        /**
         * Encodes the specified Accusation message. Does not implicitly {@link skein.Accusation.verify|verify} messages.
         * @function encode
         * @memberof skein.Accusation
         * @static
         * @param {skein.Accusation.$Properties} message Accusation message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Accusation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.peer);
            if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && !$Object.is(message.incarnation, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.incarnation);
            if (message.isDead != null && $Object.hasOwnProperty.call(message, "isDead") && message.isDead !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.isDead);
            if (message.accuser != null && $Object.hasOwnProperty.call(message, "accuser") && message.accuser !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.accuser);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Accusation message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Accusation
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Accusation & skein.Accusation.$Shape} Accusation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Accusation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Accusation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.peer = value;
                        else
                            delete message.peer;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.incarnation = value;
                        else
                            delete message.incarnation;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isDead = value;
                        else
                            delete message.isDead;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.accuser = value;
                        else
                            delete message.accuser;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Accusation
         * @function getTypeUrl
         * @memberof skein.Accusation
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Accusation.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Accusation";
        };

        return Accusation;
    })();

    skein.PeerFacts = (function() {

        /**
         * Properties of a PeerFacts.
         * @typedef {Object} skein.PeerFacts.$Properties
         * @property {string|null} [version] PeerFacts version
         * @property {string|null} [name] PeerFacts name
         * @property {string|null} [zone] PeerFacts zone
         * @property {Object.<string,string>|null} [labels] PeerFacts labels
         * @property {Array.<string>|null} [addresses] PeerFacts addresses
         * @property {Array.<skein.ModelFacts.$Properties>|null} [models] PeerFacts models
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PeerFacts.
         * @memberof skein
         * @interface IPeerFacts
         * @augments skein.PeerFacts.$Properties
         * @deprecated Use skein.PeerFacts.$Properties instead.
         */

        /**
         * Shape of a PeerFacts.
         * @typedef {skein.PeerFacts.$Properties} skein.PeerFacts.$Shape
         */

        /**
         * Constructs a new PeerFacts.
         * @memberof skein
         * @classdesc Represents a PeerFacts.
         * @constructor
         * @param {skein.PeerFacts.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PeerFacts = function (properties) {
            this.labels = {};
            this.addresses = [];
            this.models = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PeerFacts version.
         * @member {string} version
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.version = "";

        /**
         * PeerFacts name.
         * @member {string} name
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.name = "";

        /**
         * PeerFacts zone.
         * @member {string} zone
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.zone = "";

        /**
         * PeerFacts labels.
         * @member {Object.<string,string>} labels
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.labels = $util.emptyObject;

        /**
         * PeerFacts addresses.
         * @member {Array.<string>} addresses
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.addresses = $util.emptyArray;

        /**
         * PeerFacts models.
         * @member {Array.<skein.ModelFacts.$Properties>} models
         * @memberof skein.PeerFacts
         * @instance
         */
        PeerFacts.prototype.models = $util.emptyArray;

        /**
         * Encodes the specified PeerFacts message. Does not implicitly {@link skein.PeerFacts.verify|verify} messages.
         * @function encode
         * @memberof skein.PeerFacts
         * @static
         * @param {skein.PeerFacts.$Properties} message PeerFacts message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PeerFacts.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
            if (message.zone != null && $Object.hasOwnProperty.call(message, "zone") && message.zone !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.zone);
            if (message.labels != null && $Object.hasOwnProperty.call(message, "labels"))
                for (let keys = $Object.keys(message.labels), i = 0; i < keys.length; ++i)
                    writer.uint32(/* id 4, wireType 2 =*/34).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.labels[keys[i]]).ldelim();
            if (message.addresses != null && message.addresses.length)
                for (let i = 0; i < message.addresses.length; ++i)
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.addresses[i]);
            if (message.models != null && message.models.length)
                for (let i = 0; i < message.models.length; ++i)
                    $root.skein.ModelFacts.encode(message.models[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PeerFacts message from the specified reader or buffer.
         * @function decode
         * @memberof skein.PeerFacts
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.PeerFacts & skein.PeerFacts.$Shape} PeerFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PeerFacts.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.PeerFacts();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.zone = value;
                        else
                            delete message.zone;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (message.labels === $util.emptyObject)
                            message.labels = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = "";
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = reader.stringVerify();
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.labels, key);
                        message.labels[key] = value;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if (!(message.addresses && message.addresses.length))
                            message.addresses = [];
                        message.addresses.push(reader.stringVerify());
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.models && message.models.length))
                            message.models = [];
                        message.models.push($root.skein.ModelFacts.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for PeerFacts
         * @function getTypeUrl
         * @memberof skein.PeerFacts
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        PeerFacts.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.PeerFacts";
        };

        return PeerFacts;
    })();

    skein.ModelFacts = (function() {

        /**
         * Properties of a ModelFacts.
         * @typedef {Object} skein.ModelFacts.$Properties
         * @property {string|null} [id] ModelFacts id
         * @property {string|null} [engine] ModelFacts engine
         * @property {string|null} [ownedBy] ModelFacts ownedBy
         * @property {Array.<string>|null} [capabilities] ModelFacts capabilities
         * @property {number|null} [contextTokens] ModelFacts contextTokens
         * @property {number|null} [parallelMax] ModelFacts parallelMax
         * @property {string|null} [digest] ModelFacts digest
         * @property {string|null} [quantization] ModelFacts quantization
         * @property {string|null} [caution] ModelFacts caution
         * @property {Array.<string>|null} [gpus] ModelFacts gpus
         * @property {skein.TokenPrice.$Properties|null} [price] ModelFacts price
         * @property {number|null} [weightsBytes] ModelFacts weightsBytes
         * @property {skein.TokenDensity.$Properties|null} [tokenDensity] ModelFacts tokenDensity
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ModelFacts.
         * @memberof skein
         * @interface IModelFacts
         * @augments skein.ModelFacts.$Properties
         * @deprecated Use skein.ModelFacts.$Properties instead.
         */

        /**
         * Shape of a ModelFacts.
         * @typedef {skein.ModelFacts.$Properties} skein.ModelFacts.$Shape
         */

        /**
         * Constructs a new ModelFacts.
         * @memberof skein
         * @classdesc Represents a ModelFacts.
         * @constructor
         * @param {skein.ModelFacts.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ModelFacts = function (properties) {
            this.capabilities = [];
            this.gpus = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ModelFacts id.
         * @member {string} id
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.id = "";

        /**
         * ModelFacts engine.
         * @member {string} engine
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.engine = "";

        /**
         * ModelFacts ownedBy.
         * @member {string} ownedBy
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.ownedBy = "";

        /**
         * ModelFacts capabilities.
         * @member {Array.<string>} capabilities
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.capabilities = $util.emptyArray;

        /**
         * ModelFacts contextTokens.
         * @member {number} contextTokens
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.contextTokens = 0;

        /**
         * ModelFacts parallelMax.
         * @member {number} parallelMax
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.parallelMax = 0;

        /**
         * ModelFacts digest.
         * @member {string|null|undefined} digest
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.digest = null;

        /**
         * ModelFacts quantization.
         * @member {string|null|undefined} quantization
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.quantization = null;

        /**
         * ModelFacts caution.
         * @member {string|null|undefined} caution
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.caution = null;

        /**
         * ModelFacts gpus.
         * @member {Array.<string>} gpus
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.gpus = $util.emptyArray;

        /**
         * ModelFacts price.
         * @member {skein.TokenPrice.$Properties|null|undefined} price
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.price = null;

        /**
         * ModelFacts weightsBytes.
         * @member {number|null|undefined} weightsBytes
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.weightsBytes = null;

        /**
         * ModelFacts tokenDensity.
         * @member {skein.TokenDensity.$Properties|null|undefined} tokenDensity
         * @memberof skein.ModelFacts
         * @instance
         */
        ModelFacts.prototype.tokenDensity = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_digest", {
            get: $util.oneOfGetter($oneOfFields = ["digest"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_quantization", {
            get: $util.oneOfGetter($oneOfFields = ["quantization"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_caution", {
            get: $util.oneOfGetter($oneOfFields = ["caution"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_price", {
            get: $util.oneOfGetter($oneOfFields = ["price"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_weightsBytes", {
            get: $util.oneOfGetter($oneOfFields = ["weightsBytes"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelFacts.prototype, "_tokenDensity", {
            get: $util.oneOfGetter($oneOfFields = ["tokenDensity"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified ModelFacts message. Does not implicitly {@link skein.ModelFacts.verify|verify} messages.
         * @function encode
         * @memberof skein.ModelFacts
         * @static
         * @param {skein.ModelFacts.$Properties} message ModelFacts message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ModelFacts.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
            if (message.engine != null && $Object.hasOwnProperty.call(message, "engine") && message.engine !== "")
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.engine);
            if (message.ownedBy != null && $Object.hasOwnProperty.call(message, "ownedBy") && message.ownedBy !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.ownedBy);
            if (message.capabilities != null && message.capabilities.length)
                for (let i = 0; i < message.capabilities.length; ++i)
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.capabilities[i]);
            if (message.contextTokens != null && $Object.hasOwnProperty.call(message, "contextTokens") && message.contextTokens !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.contextTokens);
            if (message.parallelMax != null && $Object.hasOwnProperty.call(message, "parallelMax") && message.parallelMax !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.parallelMax);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                writer.uint32(/* id 7, wireType 2 =*/58).string(message.digest);
            if (message.quantization != null && $Object.hasOwnProperty.call(message, "quantization"))
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.quantization);
            if (message.caution != null && $Object.hasOwnProperty.call(message, "caution"))
                writer.uint32(/* id 9, wireType 2 =*/74).string(message.caution);
            if (message.gpus != null && message.gpus.length)
                for (let i = 0; i < message.gpus.length; ++i)
                    writer.uint32(/* id 10, wireType 2 =*/82).string(message.gpus[i]);
            if (message.price != null && $Object.hasOwnProperty.call(message, "price"))
                $root.skein.TokenPrice.encode(message.price, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
            if (message.weightsBytes != null && $Object.hasOwnProperty.call(message, "weightsBytes"))
                writer.uint32(/* id 12, wireType 1 =*/97).double(message.weightsBytes);
            if (message.tokenDensity != null && $Object.hasOwnProperty.call(message, "tokenDensity"))
                $root.skein.TokenDensity.encode(message.tokenDensity, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ModelFacts message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ModelFacts
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ModelFacts & skein.ModelFacts.$Shape} ModelFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ModelFacts.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ModelFacts();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.engine = value;
                        else
                            delete message.engine;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.ownedBy = value;
                        else
                            delete message.ownedBy;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if (!(message.capabilities && message.capabilities.length))
                            message.capabilities = [];
                        message.capabilities.push(reader.stringVerify());
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.contextTokens = value;
                        else
                            delete message.contextTokens;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.parallelMax = value;
                        else
                            delete message.parallelMax;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.digest = reader.stringVerify();
                        message._digest = "digest";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.quantization = reader.stringVerify();
                        message._quantization = "quantization";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.caution = reader.stringVerify();
                        message._caution = "caution";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if (!(message.gpus && message.gpus.length))
                            message.gpus = [];
                        message.gpus.push(reader.stringVerify());
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            break;
                        message.price = $root.skein.TokenPrice.decode(reader, reader.size(), $undefined, _depth + 1, message.price);
                        message._price = "price";
                        continue;
                    }
                case 12: {
                        if (wireType !== 1)
                            break;
                        message.weightsBytes = reader.double();
                        message._weightsBytes = "weightsBytes";
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            break;
                        message.tokenDensity = $root.skein.TokenDensity.decode(reader, reader.size(), $undefined, _depth + 1, message.tokenDensity);
                        message._tokenDensity = "tokenDensity";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ModelFacts
         * @function getTypeUrl
         * @memberof skein.ModelFacts
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ModelFacts.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ModelFacts";
        };

        return ModelFacts;
    })();

    skein.TokenDensity = (function() {

        /**
         * Properties of a TokenDensity.
         * @typedef {Object} skein.TokenDensity.$Properties
         * @property {number|null} [asciiTokensPerByte] TokenDensity asciiTokensPerByte
         * @property {number|null} [wideTokensPerByte] TokenDensity wideTokensPerByte
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TokenDensity.
         * @memberof skein
         * @interface ITokenDensity
         * @augments skein.TokenDensity.$Properties
         * @deprecated Use skein.TokenDensity.$Properties instead.
         */

        /**
         * Shape of a TokenDensity.
         * @typedef {skein.TokenDensity.$Properties} skein.TokenDensity.$Shape
         */

        /**
         * Constructs a new TokenDensity.
         * @memberof skein
         * @classdesc Represents a TokenDensity.
         * @constructor
         * @param {skein.TokenDensity.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TokenDensity = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TokenDensity asciiTokensPerByte.
         * @member {number} asciiTokensPerByte
         * @memberof skein.TokenDensity
         * @instance
         */
        TokenDensity.prototype.asciiTokensPerByte = 0;

        /**
         * TokenDensity wideTokensPerByte.
         * @member {number} wideTokensPerByte
         * @memberof skein.TokenDensity
         * @instance
         */
        TokenDensity.prototype.wideTokensPerByte = 0;

        /**
         * Encodes the specified TokenDensity message. Does not implicitly {@link skein.TokenDensity.verify|verify} messages.
         * @function encode
         * @memberof skein.TokenDensity
         * @static
         * @param {skein.TokenDensity.$Properties} message TokenDensity message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TokenDensity.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.asciiTokensPerByte != null && $Object.hasOwnProperty.call(message, "asciiTokensPerByte") && !$Object.is(message.asciiTokensPerByte, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.asciiTokensPerByte);
            if (message.wideTokensPerByte != null && $Object.hasOwnProperty.call(message, "wideTokensPerByte") && !$Object.is(message.wideTokensPerByte, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.wideTokensPerByte);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TokenDensity message from the specified reader or buffer.
         * @function decode
         * @memberof skein.TokenDensity
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.TokenDensity & skein.TokenDensity.$Shape} TokenDensity
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TokenDensity.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.TokenDensity();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.asciiTokensPerByte = value;
                        else
                            delete message.asciiTokensPerByte;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.wideTokensPerByte = value;
                        else
                            delete message.wideTokensPerByte;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for TokenDensity
         * @function getTypeUrl
         * @memberof skein.TokenDensity
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        TokenDensity.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.TokenDensity";
        };

        return TokenDensity;
    })();

    skein.TokenPrice = (function() {

        /**
         * Properties of a TokenPrice.
         * @typedef {Object} skein.TokenPrice.$Properties
         * @property {number|null} [inputPerMillion] TokenPrice inputPerMillion
         * @property {number|null} [outputPerMillion] TokenPrice outputPerMillion
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a TokenPrice.
         * @memberof skein
         * @interface ITokenPrice
         * @augments skein.TokenPrice.$Properties
         * @deprecated Use skein.TokenPrice.$Properties instead.
         */

        /**
         * Shape of a TokenPrice.
         * @typedef {skein.TokenPrice.$Properties} skein.TokenPrice.$Shape
         */

        /**
         * Constructs a new TokenPrice.
         * @memberof skein
         * @classdesc Represents a TokenPrice.
         * @constructor
         * @param {skein.TokenPrice.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const TokenPrice = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * TokenPrice inputPerMillion.
         * @member {number} inputPerMillion
         * @memberof skein.TokenPrice
         * @instance
         */
        TokenPrice.prototype.inputPerMillion = 0;

        /**
         * TokenPrice outputPerMillion.
         * @member {number} outputPerMillion
         * @memberof skein.TokenPrice
         * @instance
         */
        TokenPrice.prototype.outputPerMillion = 0;

        /**
         * Encodes the specified TokenPrice message. Does not implicitly {@link skein.TokenPrice.verify|verify} messages.
         * @function encode
         * @memberof skein.TokenPrice
         * @static
         * @param {skein.TokenPrice.$Properties} message TokenPrice message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        TokenPrice.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.inputPerMillion != null && $Object.hasOwnProperty.call(message, "inputPerMillion") && !$Object.is(message.inputPerMillion, 0))
                writer.uint32(/* id 1, wireType 1 =*/9).double(message.inputPerMillion);
            if (message.outputPerMillion != null && $Object.hasOwnProperty.call(message, "outputPerMillion") && !$Object.is(message.outputPerMillion, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.outputPerMillion);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a TokenPrice message from the specified reader or buffer.
         * @function decode
         * @memberof skein.TokenPrice
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.TokenPrice & skein.TokenPrice.$Shape} TokenPrice
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        TokenPrice.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.TokenPrice();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.inputPerMillion = value;
                        else
                            delete message.inputPerMillion;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.outputPerMillion = value;
                        else
                            delete message.outputPerMillion;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for TokenPrice
         * @function getTypeUrl
         * @memberof skein.TokenPrice
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        TokenPrice.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.TokenPrice";
        };

        return TokenPrice;
    })();

    skein.Unready = (function() {

        /**
         * Properties of an Unready.
         * @typedef {Object} skein.Unready.$Properties
         * @property {string|null} [state] Unready state
         * @property {number|null} [progressRatio] Unready progressRatio
         * @property {number|null} [readyInMs] Unready readyInMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Unready.
         * @memberof skein
         * @interface IUnready
         * @augments skein.Unready.$Properties
         * @deprecated Use skein.Unready.$Properties instead.
         */

        /**
         * Shape of an Unready.
         * @typedef {skein.Unready.$Properties} skein.Unready.$Shape
         */

        /**
         * Constructs a new Unready.
         * @memberof skein
         * @classdesc Represents an Unready.
         * @constructor
         * @param {skein.Unready.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Unready = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Unready state.
         * @member {string} state
         * @memberof skein.Unready
         * @instance
         */
        Unready.prototype.state = "";

        /**
         * Unready progressRatio.
         * @member {number|null|undefined} progressRatio
         * @memberof skein.Unready
         * @instance
         */
        Unready.prototype.progressRatio = null;

        /**
         * Unready readyInMs.
         * @member {number|null|undefined} readyInMs
         * @memberof skein.Unready
         * @instance
         */
        Unready.prototype.readyInMs = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(Unready.prototype, "_progressRatio", {
            get: $util.oneOfGetter($oneOfFields = ["progressRatio"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(Unready.prototype, "_readyInMs", {
            get: $util.oneOfGetter($oneOfFields = ["readyInMs"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified Unready message. Does not implicitly {@link skein.Unready.verify|verify} messages.
         * @function encode
         * @memberof skein.Unready
         * @static
         * @param {skein.Unready.$Properties} message Unready message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Unready.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.state);
            if (message.progressRatio != null && $Object.hasOwnProperty.call(message, "progressRatio"))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.progressRatio);
            if (message.readyInMs != null && $Object.hasOwnProperty.call(message, "readyInMs"))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.readyInMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Unready message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Unready
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Unready & skein.Unready.$Shape} Unready
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Unready.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Unready();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.state = value;
                        else
                            delete message.state;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        message.progressRatio = reader.double();
                        message._progressRatio = "progressRatio";
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        message.readyInMs = reader.double();
                        message._readyInMs = "readyInMs";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Unready
         * @function getTypeUrl
         * @memberof skein.Unready
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Unready.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Unready";
        };

        return Unready;
    })();

    skein.PeerLoad = (function() {

        /**
         * Properties of a PeerLoad.
         * @typedef {Object} skein.PeerLoad.$Properties
         * @property {Array.<skein.ModelLoad.$Properties>|null} [models] PeerLoad models
         * @property {Array.<skein.GpuLoad.$Properties>|null} [gpus] PeerLoad gpus
         * @property {boolean|null} [isDraining] PeerLoad isDraining
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PeerLoad.
         * @memberof skein
         * @interface IPeerLoad
         * @augments skein.PeerLoad.$Properties
         * @deprecated Use skein.PeerLoad.$Properties instead.
         */

        /**
         * Shape of a PeerLoad.
         * @typedef {skein.PeerLoad.$Properties} skein.PeerLoad.$Shape
         */

        /**
         * Constructs a new PeerLoad.
         * @memberof skein
         * @classdesc Represents a PeerLoad.
         * @constructor
         * @param {skein.PeerLoad.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PeerLoad = function (properties) {
            this.models = [];
            this.gpus = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PeerLoad models.
         * @member {Array.<skein.ModelLoad.$Properties>} models
         * @memberof skein.PeerLoad
         * @instance
         */
        PeerLoad.prototype.models = $util.emptyArray;

        /**
         * PeerLoad gpus.
         * @member {Array.<skein.GpuLoad.$Properties>} gpus
         * @memberof skein.PeerLoad
         * @instance
         */
        PeerLoad.prototype.gpus = $util.emptyArray;

        /**
         * PeerLoad isDraining.
         * @member {boolean} isDraining
         * @memberof skein.PeerLoad
         * @instance
         */
        PeerLoad.prototype.isDraining = false;

        /**
         * Encodes the specified PeerLoad message. Does not implicitly {@link skein.PeerLoad.verify|verify} messages.
         * @function encode
         * @memberof skein.PeerLoad
         * @static
         * @param {skein.PeerLoad.$Properties} message PeerLoad message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PeerLoad.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.models != null && message.models.length)
                for (let i = 0; i < message.models.length; ++i)
                    $root.skein.ModelLoad.encode(message.models[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.gpus != null && message.gpus.length)
                for (let i = 0; i < message.gpus.length; ++i)
                    $root.skein.GpuLoad.encode(message.gpus[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.isDraining != null && $Object.hasOwnProperty.call(message, "isDraining") && message.isDraining !== false)
                writer.uint32(/* id 3, wireType 0 =*/24).bool(message.isDraining);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PeerLoad message from the specified reader or buffer.
         * @function decode
         * @memberof skein.PeerLoad
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.PeerLoad & skein.PeerLoad.$Shape} PeerLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PeerLoad.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.PeerLoad();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.models && message.models.length))
                            message.models = [];
                        message.models.push($root.skein.ModelLoad.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.gpus && message.gpus.length))
                            message.gpus = [];
                        message.gpus.push($root.skein.GpuLoad.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isDraining = value;
                        else
                            delete message.isDraining;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for PeerLoad
         * @function getTypeUrl
         * @memberof skein.PeerLoad
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        PeerLoad.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.PeerLoad";
        };

        return PeerLoad;
    })();

    skein.ModelLoad = (function() {

        /**
         * Properties of a ModelLoad.
         * @typedef {Object} skein.ModelLoad.$Properties
         * @property {string|null} [model] ModelLoad model
         * @property {number|null} [queuedCount] ModelLoad queuedCount
         * @property {number|null} [runningCount] ModelLoad runningCount
         * @property {number|null} [prefillTokensLeft] ModelLoad prefillTokensLeft
         * @property {number|null} [decodeTokensLeft] ModelLoad decodeTokensLeft
         * @property {number|null} [prefillTokensPerSecond] ModelLoad prefillTokensPerSecond
         * @property {number|null} [decodeTokensPerSecond] ModelLoad decodeTokensPerSecond
         * @property {number|null} [kvUsedRatio] ModelLoad kvUsedRatio
         * @property {number|null} [batchFillRatio] ModelLoad batchFillRatio
         * @property {number|null} [prefixHitRatio] ModelLoad prefixHitRatio
         * @property {number|null} [latencyP95Ms] ModelLoad latencyP95Ms
         * @property {skein.Unready.$Properties|null} [unready] ModelLoad unready
         * @property {Array.<number>|null} [hotPrefixes] ModelLoad hotPrefixes
         * @property {number|null} [metricsAgeMs] ModelLoad metricsAgeMs
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ModelLoad.
         * @memberof skein
         * @interface IModelLoad
         * @augments skein.ModelLoad.$Properties
         * @deprecated Use skein.ModelLoad.$Properties instead.
         */

        /**
         * Shape of a ModelLoad.
         * @typedef {skein.ModelLoad.$Properties} skein.ModelLoad.$Shape
         */

        /**
         * Constructs a new ModelLoad.
         * @memberof skein
         * @classdesc Represents a ModelLoad.
         * @constructor
         * @param {skein.ModelLoad.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ModelLoad = function (properties) {
            this.hotPrefixes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ModelLoad model.
         * @member {string} model
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.model = "";

        /**
         * ModelLoad queuedCount.
         * @member {number} queuedCount
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.queuedCount = 0;

        /**
         * ModelLoad runningCount.
         * @member {number} runningCount
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.runningCount = 0;

        /**
         * ModelLoad prefillTokensLeft.
         * @member {number} prefillTokensLeft
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.prefillTokensLeft = 0;

        /**
         * ModelLoad decodeTokensLeft.
         * @member {number} decodeTokensLeft
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.decodeTokensLeft = 0;

        /**
         * ModelLoad prefillTokensPerSecond.
         * @member {number} prefillTokensPerSecond
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.prefillTokensPerSecond = 0;

        /**
         * ModelLoad decodeTokensPerSecond.
         * @member {number} decodeTokensPerSecond
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.decodeTokensPerSecond = 0;

        /**
         * ModelLoad kvUsedRatio.
         * @member {number|null|undefined} kvUsedRatio
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.kvUsedRatio = null;

        /**
         * ModelLoad batchFillRatio.
         * @member {number|null|undefined} batchFillRatio
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.batchFillRatio = null;

        /**
         * ModelLoad prefixHitRatio.
         * @member {number|null|undefined} prefixHitRatio
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.prefixHitRatio = null;

        /**
         * ModelLoad latencyP95Ms.
         * @member {number|null|undefined} latencyP95Ms
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.latencyP95Ms = null;

        /**
         * ModelLoad unready.
         * @member {skein.Unready.$Properties|null|undefined} unready
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.unready = null;

        /**
         * ModelLoad hotPrefixes.
         * @member {Array.<number>} hotPrefixes
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.hotPrefixes = $util.emptyArray;

        /**
         * ModelLoad metricsAgeMs.
         * @member {number|null|undefined} metricsAgeMs
         * @memberof skein.ModelLoad
         * @instance
         */
        ModelLoad.prototype.metricsAgeMs = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_kvUsedRatio", {
            get: $util.oneOfGetter($oneOfFields = ["kvUsedRatio"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_batchFillRatio", {
            get: $util.oneOfGetter($oneOfFields = ["batchFillRatio"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_prefixHitRatio", {
            get: $util.oneOfGetter($oneOfFields = ["prefixHitRatio"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_latencyP95Ms", {
            get: $util.oneOfGetter($oneOfFields = ["latencyP95Ms"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_unready", {
            get: $util.oneOfGetter($oneOfFields = ["unready"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(ModelLoad.prototype, "_metricsAgeMs", {
            get: $util.oneOfGetter($oneOfFields = ["metricsAgeMs"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified ModelLoad message. Does not implicitly {@link skein.ModelLoad.verify|verify} messages.
         * @function encode
         * @memberof skein.ModelLoad
         * @static
         * @param {skein.ModelLoad.$Properties} message ModelLoad message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ModelLoad.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.model != null && $Object.hasOwnProperty.call(message, "model") && message.model !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.model);
            if (message.queuedCount != null && $Object.hasOwnProperty.call(message, "queuedCount") && message.queuedCount !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.queuedCount);
            if (message.runningCount != null && $Object.hasOwnProperty.call(message, "runningCount") && message.runningCount !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.runningCount);
            if (message.prefillTokensLeft != null && $Object.hasOwnProperty.call(message, "prefillTokensLeft") && !$Object.is(message.prefillTokensLeft, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.prefillTokensLeft);
            if (message.decodeTokensLeft != null && $Object.hasOwnProperty.call(message, "decodeTokensLeft") && !$Object.is(message.decodeTokensLeft, 0))
                writer.uint32(/* id 5, wireType 1 =*/41).double(message.decodeTokensLeft);
            if (message.prefillTokensPerSecond != null && $Object.hasOwnProperty.call(message, "prefillTokensPerSecond") && !$Object.is(message.prefillTokensPerSecond, 0))
                writer.uint32(/* id 6, wireType 1 =*/49).double(message.prefillTokensPerSecond);
            if (message.decodeTokensPerSecond != null && $Object.hasOwnProperty.call(message, "decodeTokensPerSecond") && !$Object.is(message.decodeTokensPerSecond, 0))
                writer.uint32(/* id 7, wireType 1 =*/57).double(message.decodeTokensPerSecond);
            if (message.kvUsedRatio != null && $Object.hasOwnProperty.call(message, "kvUsedRatio"))
                writer.uint32(/* id 8, wireType 1 =*/65).double(message.kvUsedRatio);
            if (message.batchFillRatio != null && $Object.hasOwnProperty.call(message, "batchFillRatio"))
                writer.uint32(/* id 9, wireType 1 =*/73).double(message.batchFillRatio);
            if (message.prefixHitRatio != null && $Object.hasOwnProperty.call(message, "prefixHitRatio"))
                writer.uint32(/* id 10, wireType 1 =*/81).double(message.prefixHitRatio);
            if (message.latencyP95Ms != null && $Object.hasOwnProperty.call(message, "latencyP95Ms"))
                writer.uint32(/* id 11, wireType 1 =*/89).double(message.latencyP95Ms);
            if (message.unready != null && $Object.hasOwnProperty.call(message, "unready"))
                $root.skein.Unready.encode(message.unready, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
            if (message.hotPrefixes != null && message.hotPrefixes.length)
                writer.uint32(/* id 13, wireType 2 =*/106).fixed32s(message.hotPrefixes);
            if (message.metricsAgeMs != null && $Object.hasOwnProperty.call(message, "metricsAgeMs"))
                writer.uint32(/* id 14, wireType 1 =*/113).double(message.metricsAgeMs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a ModelLoad message from the specified reader or buffer.
         * @function decode
         * @memberof skein.ModelLoad
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.ModelLoad & skein.ModelLoad.$Shape} ModelLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ModelLoad.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.ModelLoad();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.model = value;
                        else
                            delete message.model;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.queuedCount = value;
                        else
                            delete message.queuedCount;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.runningCount = value;
                        else
                            delete message.runningCount;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.prefillTokensLeft = value;
                        else
                            delete message.prefillTokensLeft;
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.decodeTokensLeft = value;
                        else
                            delete message.decodeTokensLeft;
                        continue;
                    }
                case 6: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.prefillTokensPerSecond = value;
                        else
                            delete message.prefillTokensPerSecond;
                        continue;
                    }
                case 7: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.decodeTokensPerSecond = value;
                        else
                            delete message.decodeTokensPerSecond;
                        continue;
                    }
                case 8: {
                        if (wireType !== 1)
                            break;
                        message.kvUsedRatio = reader.double();
                        message._kvUsedRatio = "kvUsedRatio";
                        continue;
                    }
                case 9: {
                        if (wireType !== 1)
                            break;
                        message.batchFillRatio = reader.double();
                        message._batchFillRatio = "batchFillRatio";
                        continue;
                    }
                case 10: {
                        if (wireType !== 1)
                            break;
                        message.prefixHitRatio = reader.double();
                        message._prefixHitRatio = "prefixHitRatio";
                        continue;
                    }
                case 11: {
                        if (wireType !== 1)
                            break;
                        message.latencyP95Ms = reader.double();
                        message._latencyP95Ms = "latencyP95Ms";
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            break;
                        message.unready = $root.skein.Unready.decode(reader, reader.size(), $undefined, _depth + 1, message.unready);
                        message._unready = "unready";
                        continue;
                    }
                case 13: {
                        if (wireType === 2) {
                            if (!(message.hotPrefixes && message.hotPrefixes.length))
                                message.hotPrefixes = [];
                            reader.fixed32s(message.hotPrefixes);
                            continue;
                        }
                        if (wireType !== 5)
                            break;
                        if (!(message.hotPrefixes && message.hotPrefixes.length))
                            message.hotPrefixes = [];
                        message.hotPrefixes.push(reader.fixed32());
                        continue;
                    }
                case 14: {
                        if (wireType !== 1)
                            break;
                        message.metricsAgeMs = reader.double();
                        message._metricsAgeMs = "metricsAgeMs";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for ModelLoad
         * @function getTypeUrl
         * @memberof skein.ModelLoad
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ModelLoad.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.ModelLoad";
        };

        return ModelLoad;
    })();

    skein.GpuLoad = (function() {

        /**
         * Properties of a GpuLoad.
         * @typedef {Object} skein.GpuLoad.$Properties
         * @property {string|null} [name] GpuLoad name
         * @property {number|null} [vramTotalBytes] GpuLoad vramTotalBytes
         * @property {number|null} [vramUsedBytes] GpuLoad vramUsedBytes
         * @property {number|null} [utilizationRatio] GpuLoad utilizationRatio
         * @property {boolean|null} [isThrottled] GpuLoad isThrottled
         * @property {boolean|null} [isFaulty] GpuLoad isFaulty
         * @property {string|null} [uuid] GpuLoad uuid
         * @property {Array.<string>|null} [faults] GpuLoad faults
         * @property {number|null} [memoryUtilizationRatio] GpuLoad memoryUtilizationRatio
         * @property {number|null} [temperatureCelsius] GpuLoad temperatureCelsius
         * @property {number|null} [powerWatts] GpuLoad powerWatts
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GpuLoad.
         * @memberof skein
         * @interface IGpuLoad
         * @augments skein.GpuLoad.$Properties
         * @deprecated Use skein.GpuLoad.$Properties instead.
         */

        /**
         * Shape of a GpuLoad.
         * @typedef {skein.GpuLoad.$Properties} skein.GpuLoad.$Shape
         */

        /**
         * Constructs a new GpuLoad.
         * @memberof skein
         * @classdesc Represents a GpuLoad.
         * @constructor
         * @param {skein.GpuLoad.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GpuLoad = function (properties) {
            this.faults = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GpuLoad name.
         * @member {string} name
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.name = "";

        /**
         * GpuLoad vramTotalBytes.
         * @member {number} vramTotalBytes
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.vramTotalBytes = 0;

        /**
         * GpuLoad vramUsedBytes.
         * @member {number} vramUsedBytes
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.vramUsedBytes = 0;

        /**
         * GpuLoad utilizationRatio.
         * @member {number} utilizationRatio
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.utilizationRatio = 0;

        /**
         * GpuLoad isThrottled.
         * @member {boolean} isThrottled
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.isThrottled = false;

        /**
         * GpuLoad isFaulty.
         * @member {boolean} isFaulty
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.isFaulty = false;

        /**
         * GpuLoad uuid.
         * @member {string|null|undefined} uuid
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.uuid = null;

        /**
         * GpuLoad faults.
         * @member {Array.<string>} faults
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.faults = $util.emptyArray;

        /**
         * GpuLoad memoryUtilizationRatio.
         * @member {number|null|undefined} memoryUtilizationRatio
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.memoryUtilizationRatio = null;

        /**
         * GpuLoad temperatureCelsius.
         * @member {number|null|undefined} temperatureCelsius
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.temperatureCelsius = null;

        /**
         * GpuLoad powerWatts.
         * @member {number|null|undefined} powerWatts
         * @memberof skein.GpuLoad
         * @instance
         */
        GpuLoad.prototype.powerWatts = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(GpuLoad.prototype, "_uuid", {
            get: $util.oneOfGetter($oneOfFields = ["uuid"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(GpuLoad.prototype, "_memoryUtilizationRatio", {
            get: $util.oneOfGetter($oneOfFields = ["memoryUtilizationRatio"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(GpuLoad.prototype, "_temperatureCelsius", {
            get: $util.oneOfGetter($oneOfFields = ["temperatureCelsius"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(GpuLoad.prototype, "_powerWatts", {
            get: $util.oneOfGetter($oneOfFields = ["powerWatts"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified GpuLoad message. Does not implicitly {@link skein.GpuLoad.verify|verify} messages.
         * @function encode
         * @memberof skein.GpuLoad
         * @static
         * @param {skein.GpuLoad.$Properties} message GpuLoad message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GpuLoad.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
            if (message.vramTotalBytes != null && $Object.hasOwnProperty.call(message, "vramTotalBytes") && !$Object.is(message.vramTotalBytes, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.vramTotalBytes);
            if (message.vramUsedBytes != null && $Object.hasOwnProperty.call(message, "vramUsedBytes") && !$Object.is(message.vramUsedBytes, 0))
                writer.uint32(/* id 3, wireType 1 =*/25).double(message.vramUsedBytes);
            if (message.utilizationRatio != null && $Object.hasOwnProperty.call(message, "utilizationRatio") && !$Object.is(message.utilizationRatio, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.utilizationRatio);
            if (message.isThrottled != null && $Object.hasOwnProperty.call(message, "isThrottled") && message.isThrottled !== false)
                writer.uint32(/* id 5, wireType 0 =*/40).bool(message.isThrottled);
            if (message.isFaulty != null && $Object.hasOwnProperty.call(message, "isFaulty") && message.isFaulty !== false)
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.isFaulty);
            if (message.uuid != null && $Object.hasOwnProperty.call(message, "uuid"))
                writer.uint32(/* id 7, wireType 2 =*/58).string(message.uuid);
            if (message.faults != null && message.faults.length)
                for (let i = 0; i < message.faults.length; ++i)
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.faults[i]);
            if (message.memoryUtilizationRatio != null && $Object.hasOwnProperty.call(message, "memoryUtilizationRatio"))
                writer.uint32(/* id 9, wireType 1 =*/73).double(message.memoryUtilizationRatio);
            if (message.temperatureCelsius != null && $Object.hasOwnProperty.call(message, "temperatureCelsius"))
                writer.uint32(/* id 10, wireType 0 =*/80).uint32(message.temperatureCelsius);
            if (message.powerWatts != null && $Object.hasOwnProperty.call(message, "powerWatts"))
                writer.uint32(/* id 11, wireType 0 =*/88).uint32(message.powerWatts);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GpuLoad message from the specified reader or buffer.
         * @function decode
         * @memberof skein.GpuLoad
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.GpuLoad & skein.GpuLoad.$Shape} GpuLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GpuLoad.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.GpuLoad();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.vramTotalBytes = value;
                        else
                            delete message.vramTotalBytes;
                        continue;
                    }
                case 3: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.vramUsedBytes = value;
                        else
                            delete message.vramUsedBytes;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.utilizationRatio = value;
                        else
                            delete message.utilizationRatio;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isThrottled = value;
                        else
                            delete message.isThrottled;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isFaulty = value;
                        else
                            delete message.isFaulty;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.uuid = reader.stringVerify();
                        message._uuid = "uuid";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if (!(message.faults && message.faults.length))
                            message.faults = [];
                        message.faults.push(reader.stringVerify());
                        continue;
                    }
                case 9: {
                        if (wireType !== 1)
                            break;
                        message.memoryUtilizationRatio = reader.double();
                        message._memoryUtilizationRatio = "memoryUtilizationRatio";
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        message.temperatureCelsius = reader.uint32();
                        message._temperatureCelsius = "temperatureCelsius";
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        message.powerWatts = reader.uint32();
                        message._powerWatts = "powerWatts";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for GpuLoad
         * @function getTypeUrl
         * @memberof skein.GpuLoad
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        GpuLoad.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.GpuLoad";
        };

        return GpuLoad;
    })();

    skein.PeerClaim = (function() {

        /**
         * Properties of a PeerClaim.
         * @typedef {Object} skein.PeerClaim.$Properties
         * @property {string|null} [peer] PeerClaim peer
         * @property {number|null} [incarnation] PeerClaim incarnation
         * @property {number|null} [version] PeerClaim version
         * @property {skein.PeerFacts.$Properties|null} [facts] PeerClaim facts
         * @property {number|null} [factsVersion] PeerClaim factsVersion
         * @property {skein.PeerLoad.$Properties|null} [load] PeerClaim load
         * @property {boolean|null} [isLeaving] PeerClaim isLeaving
         * @property {skein.Coordinate.$Properties|null} [coordinate] PeerClaim coordinate
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PeerClaim.
         * @memberof skein
         * @interface IPeerClaim
         * @augments skein.PeerClaim.$Properties
         * @deprecated Use skein.PeerClaim.$Properties instead.
         */

        /**
         * Shape of a PeerClaim.
         * @typedef {skein.PeerClaim.$Properties} skein.PeerClaim.$Shape
         */

        /**
         * Constructs a new PeerClaim.
         * @memberof skein
         * @classdesc Represents a PeerClaim.
         * @constructor
         * @param {skein.PeerClaim.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PeerClaim = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PeerClaim peer.
         * @member {string} peer
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.peer = "";

        /**
         * PeerClaim incarnation.
         * @member {number} incarnation
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.incarnation = 0;

        /**
         * PeerClaim version.
         * @member {number} version
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.version = 0;

        /**
         * PeerClaim facts.
         * @member {skein.PeerFacts.$Properties|null|undefined} facts
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.facts = null;

        /**
         * PeerClaim factsVersion.
         * @member {number} factsVersion
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.factsVersion = 0;

        /**
         * PeerClaim load.
         * @member {skein.PeerLoad.$Properties|null|undefined} load
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.load = null;

        /**
         * PeerClaim isLeaving.
         * @member {boolean} isLeaving
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.isLeaving = false;

        /**
         * PeerClaim coordinate.
         * @member {skein.Coordinate.$Properties|null|undefined} coordinate
         * @memberof skein.PeerClaim
         * @instance
         */
        PeerClaim.prototype.coordinate = null;

        /**
         * Encodes the specified PeerClaim message. Does not implicitly {@link skein.PeerClaim.verify|verify} messages.
         * @function encode
         * @memberof skein.PeerClaim
         * @static
         * @param {skein.PeerClaim.$Properties} message PeerClaim message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PeerClaim.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.peer != null && $Object.hasOwnProperty.call(message, "peer") && message.peer !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.peer);
            if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && !$Object.is(message.incarnation, 0))
                writer.uint32(/* id 2, wireType 1 =*/17).double(message.incarnation);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.version);
            if (message.facts != null && $Object.hasOwnProperty.call(message, "facts"))
                $root.skein.PeerFacts.encode(message.facts, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
            if (message.factsVersion != null && $Object.hasOwnProperty.call(message, "factsVersion") && message.factsVersion !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.factsVersion);
            if (message.load != null && $Object.hasOwnProperty.call(message, "load"))
                $root.skein.PeerLoad.encode(message.load, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.isLeaving != null && $Object.hasOwnProperty.call(message, "isLeaving") && message.isLeaving !== false)
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.isLeaving);
            if (message.coordinate != null && $Object.hasOwnProperty.call(message, "coordinate"))
                $root.skein.Coordinate.encode(message.coordinate, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PeerClaim message from the specified reader or buffer.
         * @function decode
         * @memberof skein.PeerClaim
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.PeerClaim & skein.PeerClaim.$Shape} PeerClaim
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PeerClaim.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.PeerClaim();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.peer = value;
                        else
                            delete message.peer;
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.incarnation = value;
                        else
                            delete message.incarnation;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.facts = $root.skein.PeerFacts.decode(reader, reader.size(), $undefined, _depth + 1, message.facts);
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.factsVersion = value;
                        else
                            delete message.factsVersion;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.load = $root.skein.PeerLoad.decode(reader, reader.size(), $undefined, _depth + 1, message.load);
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.isLeaving = value;
                        else
                            delete message.isLeaving;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.coordinate = $root.skein.Coordinate.decode(reader, reader.size(), $undefined, _depth + 1, message.coordinate);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for PeerClaim
         * @function getTypeUrl
         * @memberof skein.PeerClaim
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        PeerClaim.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.PeerClaim";
        };

        return PeerClaim;
    })();

    skein.Coordinate = (function() {

        /**
         * Properties of a Coordinate.
         * @typedef {Object} skein.Coordinate.$Properties
         * @property {Array.<number>|null} [vector] Coordinate vector
         * @property {number|null} [heightMs] Coordinate heightMs
         * @property {number|null} [errorRatio] Coordinate errorRatio
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Coordinate.
         * @memberof skein
         * @interface ICoordinate
         * @augments skein.Coordinate.$Properties
         * @deprecated Use skein.Coordinate.$Properties instead.
         */

        /**
         * Shape of a Coordinate.
         * @typedef {skein.Coordinate.$Properties} skein.Coordinate.$Shape
         */

        /**
         * Constructs a new Coordinate.
         * @memberof skein
         * @classdesc Represents a Coordinate.
         * @constructor
         * @param {skein.Coordinate.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Coordinate = function (properties) {
            this.vector = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Coordinate vector.
         * @member {Array.<number>} vector
         * @memberof skein.Coordinate
         * @instance
         */
        Coordinate.prototype.vector = $util.emptyArray;

        /**
         * Coordinate heightMs.
         * @member {number} heightMs
         * @memberof skein.Coordinate
         * @instance
         */
        Coordinate.prototype.heightMs = 0;

        /**
         * Coordinate errorRatio.
         * @member {number} errorRatio
         * @memberof skein.Coordinate
         * @instance
         */
        Coordinate.prototype.errorRatio = 0;

        /**
         * Encodes the specified Coordinate message. Does not implicitly {@link skein.Coordinate.verify|verify} messages.
         * @function encode
         * @memberof skein.Coordinate
         * @static
         * @param {skein.Coordinate.$Properties} message Coordinate message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Coordinate.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.vector != null && message.vector.length)
                writer.uint32(/* id 1, wireType 2 =*/10).floats(message.vector);
            if (message.heightMs != null && $Object.hasOwnProperty.call(message, "heightMs") && !$Object.is(message.heightMs, 0))
                writer.uint32(/* id 2, wireType 5 =*/21).float(message.heightMs);
            if (message.errorRatio != null && $Object.hasOwnProperty.call(message, "errorRatio") && !$Object.is(message.errorRatio, 0))
                writer.uint32(/* id 3, wireType 5 =*/29).float(message.errorRatio);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Coordinate message from the specified reader or buffer.
         * @function decode
         * @memberof skein.Coordinate
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.Coordinate & skein.Coordinate.$Shape} Coordinate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Coordinate.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.Coordinate();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.vector && message.vector.length))
                                message.vector = [];
                            reader.floats(message.vector);
                            continue;
                        }
                        if (wireType !== 5)
                            break;
                        if (!(message.vector && message.vector.length))
                            message.vector = [];
                        message.vector.push(reader.float());
                        continue;
                    }
                case 2: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.heightMs = value;
                        else
                            delete message.heightMs;
                        continue;
                    }
                case 3: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.errorRatio = value;
                        else
                            delete message.errorRatio;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Coordinate
         * @function getTypeUrl
         * @memberof skein.Coordinate
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Coordinate.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.Coordinate";
        };

        return Coordinate;
    })();

    skein.SignedClaim = (function() {

        /**
         * Properties of a SignedClaim.
         * @typedef {Object} skein.SignedClaim.$Properties
         * @property {Uint8Array|null} [claim] SignedClaim claim
         * @property {Uint8Array|null} [signature] SignedClaim signature
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SignedClaim.
         * @memberof skein
         * @interface ISignedClaim
         * @augments skein.SignedClaim.$Properties
         * @deprecated Use skein.SignedClaim.$Properties instead.
         */

        /**
         * Shape of a SignedClaim.
         * @typedef {skein.SignedClaim.$Properties} skein.SignedClaim.$Shape
         */

        /**
         * Constructs a new SignedClaim.
         * @memberof skein
         * @classdesc Represents a SignedClaim.
         * @constructor
         * @param {skein.SignedClaim.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SignedClaim = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SignedClaim claim.
         * @member {Uint8Array} claim
         * @memberof skein.SignedClaim
         * @instance
         */
        SignedClaim.prototype.claim = $util.newBuffer([]);

        /**
         * SignedClaim signature.
         * @member {Uint8Array} signature
         * @memberof skein.SignedClaim
         * @instance
         */
        SignedClaim.prototype.signature = $util.newBuffer([]);

        /**
         * Encodes the specified SignedClaim message. Does not implicitly {@link skein.SignedClaim.verify|verify} messages.
         * @function encode
         * @memberof skein.SignedClaim
         * @static
         * @param {skein.SignedClaim.$Properties} message SignedClaim message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SignedClaim.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.claim != null && $Object.hasOwnProperty.call(message, "claim") && message.claim.length)
                writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.claim);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a SignedClaim message from the specified reader or buffer.
         * @function decode
         * @memberof skein.SignedClaim
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {skein.SignedClaim & skein.SignedClaim.$Shape} SignedClaim
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SignedClaim.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.skein.SignedClaim();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.claim = value;
                        else
                            delete message.claim;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for SignedClaim
         * @function getTypeUrl
         * @memberof skein.SignedClaim
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SignedClaim.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/skein.SignedClaim";
        };

        return SignedClaim;
    })();

    return skein;
})();

export {
  $root as default
};
