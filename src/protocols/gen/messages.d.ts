import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace skein. */
export namespace skein {

    /**
     * Properties of a Ticket.
     * @deprecated Use skein.Ticket.$Properties instead.
     */
    interface ITicket extends skein.Ticket.$Properties {
    }

    /** Represents a Ticket. */
    class Ticket {

        /**
         * Constructs a new Ticket.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Ticket.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Ticket meshId. */
        meshId: Uint8Array;

        /** Ticket ticketId. */
        ticketId: Uint8Array;

        /** Ticket secret. */
        secret: Uint8Array;

        /** Ticket expiresAtWallMs. */
        expiresAtWallMs: number;

        /** Ticket peer. */
        peer: Uint8Array;

        /** Ticket addresses. */
        addresses: Uint8Array[];

        /**
         * Encodes the specified Ticket message. Does not implicitly {@link skein.Ticket.verify|verify} messages.
         * @param message Ticket message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Ticket.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Ticket message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Ticket & skein.Ticket.$Shape} Ticket
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Ticket & skein.Ticket.$Shape;

        /**
         * Gets the type url for Ticket
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Ticket {

        /** Properties of a Ticket. */
        interface $Properties {

            /** Ticket meshId */
            meshId?: (Uint8Array|null);

            /** Ticket ticketId */
            ticketId?: (Uint8Array|null);

            /** Ticket secret */
            secret?: (Uint8Array|null);

            /** Ticket expiresAtWallMs */
            expiresAtWallMs?: (number|null);

            /** Ticket peer */
            peer?: (Uint8Array|null);

            /** Ticket addresses */
            addresses?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Ticket. */
        type $Shape = skein.Ticket.$Properties;
    }

    /**
     * Properties of a Hello.
     * @deprecated Use skein.Hello.$Properties instead.
     */
    interface IHello extends skein.Hello.$Properties {
    }

    /** Represents a Hello. */
    class Hello {

        /**
         * Constructs a new Hello.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Hello.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Hello versionMin. */
        versionMin: number;

        /** Hello versionMax. */
        versionMax: number;

        /** Hello software. */
        software: string;

        /** Hello meshId. */
        meshId: Uint8Array;

        /** Hello features. */
        features: string[];

        /** Hello wallMs. */
        wallMs: number;

        /** Hello instanceId. */
        instanceId: Uint8Array;

        /**
         * Encodes the specified Hello message. Does not implicitly {@link skein.Hello.verify|verify} messages.
         * @param message Hello message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Hello message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Hello & skein.Hello.$Shape} Hello
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Hello & skein.Hello.$Shape;

        /**
         * Gets the type url for Hello
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Hello {

        /** Properties of a Hello. */
        interface $Properties {

            /** Hello versionMin */
            versionMin?: (number|null);

            /** Hello versionMax */
            versionMax?: (number|null);

            /** Hello software */
            software?: (string|null);

            /** Hello meshId */
            meshId?: (Uint8Array|null);

            /** Hello features */
            features?: (string[]|null);

            /** Hello wallMs */
            wallMs?: (number|null);

            /** Hello instanceId */
            instanceId?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Hello. */
        type $Shape = skein.Hello.$Properties;
    }

    /**
     * Properties of a HelloAck.
     * @deprecated Use skein.HelloAck.$Properties instead.
     */
    interface IHelloAck extends skein.HelloAck.$Properties {
    }

    /** Represents a HelloAck. */
    class HelloAck {

        /**
         * Constructs a new HelloAck.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.HelloAck.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Encodes the specified HelloAck message. Does not implicitly {@link skein.HelloAck.verify|verify} messages.
         * @param message HelloAck message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.HelloAck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a HelloAck message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.HelloAck & skein.HelloAck.$Shape} HelloAck
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.HelloAck & skein.HelloAck.$Shape;

        /**
         * Gets the type url for HelloAck
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace HelloAck {

        /** Properties of a HelloAck. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a HelloAck. */
        type $Shape = skein.HelloAck.$Properties;
    }

    /**
     * Properties of a HelloClaims.
     * @deprecated Use skein.HelloClaims.$Properties instead.
     */
    interface IHelloClaims extends skein.HelloClaims.$Properties {
    }

    /** Represents a HelloClaims. */
    class HelloClaims {

        /**
         * Constructs a new HelloClaims.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.HelloClaims.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** HelloClaims claims. */
        claims: Uint8Array[];

        /**
         * Encodes the specified HelloClaims message. Does not implicitly {@link skein.HelloClaims.verify|verify} messages.
         * @param message HelloClaims message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.HelloClaims.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a HelloClaims message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.HelloClaims & skein.HelloClaims.$Shape} HelloClaims
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.HelloClaims & skein.HelloClaims.$Shape;

        /**
         * Gets the type url for HelloClaims
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace HelloClaims {

        /** Properties of a HelloClaims. */
        interface $Properties {

            /** HelloClaims claims */
            claims?: (Uint8Array[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a HelloClaims. */
        type $Shape = skein.HelloClaims.$Properties;
    }

    /**
     * Properties of a JoinRequest.
     * @deprecated Use skein.JoinRequest.$Properties instead.
     */
    interface IJoinRequest extends skein.JoinRequest.$Properties {
    }

    /** Represents a JoinRequest. */
    class JoinRequest {

        /**
         * Constructs a new JoinRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.JoinRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** JoinRequest versionMin. */
        versionMin: number;

        /** JoinRequest versionMax. */
        versionMax: number;

        /** JoinRequest software. */
        software: string;

        /** JoinRequest meshId. */
        meshId: Uint8Array;

        /** JoinRequest ticketId. */
        ticketId: Uint8Array;

        /** JoinRequest nonce. */
        nonce: Uint8Array;

        /** JoinRequest wallMs. */
        wallMs: number;

        /** JoinRequest instanceId. */
        instanceId: Uint8Array;

        /** JoinRequest ticketKey. */
        ticketKey: Uint8Array;

        /** JoinRequest hasLog. */
        hasLog: boolean;

        /**
         * Encodes the specified JoinRequest message. Does not implicitly {@link skein.JoinRequest.verify|verify} messages.
         * @param message JoinRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.JoinRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a JoinRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.JoinRequest & skein.JoinRequest.$Shape} JoinRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.JoinRequest & skein.JoinRequest.$Shape;

        /**
         * Gets the type url for JoinRequest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace JoinRequest {

        /** Properties of a JoinRequest. */
        interface $Properties {

            /** JoinRequest versionMin */
            versionMin?: (number|null);

            /** JoinRequest versionMax */
            versionMax?: (number|null);

            /** JoinRequest software */
            software?: (string|null);

            /** JoinRequest meshId */
            meshId?: (Uint8Array|null);

            /** JoinRequest ticketId */
            ticketId?: (Uint8Array|null);

            /** JoinRequest nonce */
            nonce?: (Uint8Array|null);

            /** JoinRequest wallMs */
            wallMs?: (number|null);

            /** JoinRequest instanceId */
            instanceId?: (Uint8Array|null);

            /** JoinRequest ticketKey */
            ticketKey?: (Uint8Array|null);

            /** JoinRequest hasLog */
            hasLog?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a JoinRequest. */
        type $Shape = skein.JoinRequest.$Properties;
    }

    /**
     * Properties of a JoinChallenge.
     * @deprecated Use skein.JoinChallenge.$Properties instead.
     */
    interface IJoinChallenge extends skein.JoinChallenge.$Properties {
    }

    /** Represents a JoinChallenge. */
    class JoinChallenge {

        /**
         * Constructs a new JoinChallenge.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.JoinChallenge.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** JoinChallenge nonce. */
        nonce: Uint8Array;

        /**
         * Encodes the specified JoinChallenge message. Does not implicitly {@link skein.JoinChallenge.verify|verify} messages.
         * @param message JoinChallenge message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.JoinChallenge.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a JoinChallenge message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.JoinChallenge & skein.JoinChallenge.$Shape} JoinChallenge
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.JoinChallenge & skein.JoinChallenge.$Shape;

        /**
         * Gets the type url for JoinChallenge
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace JoinChallenge {

        /** Properties of a JoinChallenge. */
        interface $Properties {

            /** JoinChallenge nonce */
            nonce?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a JoinChallenge. */
        type $Shape = skein.JoinChallenge.$Properties;
    }

    /**
     * Properties of a JoinProof.
     * @deprecated Use skein.JoinProof.$Properties instead.
     */
    interface IJoinProof extends skein.JoinProof.$Properties {
    }

    /** Represents a JoinProof. */
    class JoinProof {

        /**
         * Constructs a new JoinProof.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.JoinProof.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** JoinProof signature. */
        signature: Uint8Array;

        /**
         * Encodes the specified JoinProof message. Does not implicitly {@link skein.JoinProof.verify|verify} messages.
         * @param message JoinProof message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.JoinProof.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a JoinProof message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.JoinProof & skein.JoinProof.$Shape} JoinProof
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.JoinProof & skein.JoinProof.$Shape;

        /**
         * Gets the type url for JoinProof
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace JoinProof {

        /** Properties of a JoinProof. */
        interface $Properties {

            /** JoinProof signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a JoinProof. */
        type $Shape = skein.JoinProof.$Properties;
    }

    /**
     * Properties of a MemberContact.
     * @deprecated Use skein.MemberContact.$Properties instead.
     */
    interface IMemberContact extends skein.MemberContact.$Properties {
    }

    /** Represents a MemberContact. */
    class MemberContact {

        /**
         * Constructs a new MemberContact.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.MemberContact.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MemberContact peer. */
        peer: string;

        /** MemberContact addresses. */
        addresses: string[];

        /**
         * Encodes the specified MemberContact message. Does not implicitly {@link skein.MemberContact.verify|verify} messages.
         * @param message MemberContact message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.MemberContact.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MemberContact message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.MemberContact & skein.MemberContact.$Shape} MemberContact
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.MemberContact & skein.MemberContact.$Shape;

        /**
         * Gets the type url for MemberContact
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace MemberContact {

        /** Properties of a MemberContact. */
        interface $Properties {

            /** MemberContact peer */
            peer?: (string|null);

            /** MemberContact addresses */
            addresses?: (string[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a MemberContact. */
        type $Shape = skein.MemberContact.$Properties;
    }

    /**
     * Properties of a JoinWelcome.
     * @deprecated Use skein.JoinWelcome.$Properties instead.
     */
    interface IJoinWelcome extends skein.JoinWelcome.$Properties {
    }

    /** Represents a JoinWelcome. */
    class JoinWelcome {

        /**
         * Constructs a new JoinWelcome.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.JoinWelcome.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** JoinWelcome rosterIndex. */
        rosterIndex: number;

        /** JoinWelcome members. */
        members: skein.MemberContact.$Properties[];

        /**
         * Encodes the specified JoinWelcome message. Does not implicitly {@link skein.JoinWelcome.verify|verify} messages.
         * @param message JoinWelcome message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.JoinWelcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a JoinWelcome message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.JoinWelcome & skein.JoinWelcome.$Shape} JoinWelcome
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.JoinWelcome & skein.JoinWelcome.$Shape;

        /**
         * Gets the type url for JoinWelcome
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace JoinWelcome {

        /** Properties of a JoinWelcome. */
        interface $Properties {

            /** JoinWelcome rosterIndex */
            rosterIndex?: (number|null);

            /** JoinWelcome members */
            members?: (skein.MemberContact.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a JoinWelcome. */
        type $Shape = skein.JoinWelcome.$Properties;
    }

    /**
     * Properties of a Refusal.
     * @deprecated Use skein.Refusal.$Properties instead.
     */
    interface IRefusal extends skein.Refusal.$Properties {
    }

    /** Represents a Refusal. */
    class Refusal {

        /**
         * Constructs a new Refusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Refusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Refusal code. */
        code: string;

        /** Refusal message. */
        message: string;

        /** Refusal details. */
        details: string;

        /** Refusal hint. */
        hint: string;

        /**
         * Encodes the specified Refusal message. Does not implicitly {@link skein.Refusal.verify|verify} messages.
         * @param message Refusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Refusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Refusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Refusal & skein.Refusal.$Shape} Refusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Refusal & skein.Refusal.$Shape;

        /**
         * Gets the type url for Refusal
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Refusal {

        /** Properties of a Refusal. */
        interface $Properties {

            /** Refusal code */
            code?: (string|null);

            /** Refusal message */
            message?: (string|null);

            /** Refusal details */
            details?: (string|null);

            /** Refusal hint */
            hint?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Refusal. */
        type $Shape = skein.Refusal.$Properties;
    }

    /**
     * Properties of an AdmissionFrame.
     * @deprecated Use skein.AdmissionFrame.$Properties instead.
     */
    interface IAdmissionFrame extends skein.AdmissionFrame.$Properties {
    }

    /** Represents an AdmissionFrame. */
    class AdmissionFrame {

        /**
         * Constructs a new AdmissionFrame.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.AdmissionFrame.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AdmissionFrame hello. */
        hello?: (skein.Hello.$Properties|null);

        /** AdmissionFrame helloClaims. */
        helloClaims?: (skein.HelloClaims.$Properties|null);

        /** AdmissionFrame joinRequest. */
        joinRequest?: (skein.JoinRequest.$Properties|null);

        /** AdmissionFrame joinChallenge. */
        joinChallenge?: (skein.JoinChallenge.$Properties|null);

        /** AdmissionFrame joinProof. */
        joinProof?: (skein.JoinProof.$Properties|null);

        /** AdmissionFrame joinWelcome. */
        joinWelcome?: (skein.JoinWelcome.$Properties|null);

        /** AdmissionFrame refusal. */
        refusal?: (skein.Refusal.$Properties|null);

        /** AdmissionFrame helloAck. */
        helloAck?: (skein.HelloAck.$Properties|null);

        /** AdmissionFrame body. */
        body?: ("hello"|"helloClaims"|"joinRequest"|"joinChallenge"|"joinProof"|"joinWelcome"|"refusal"|"helloAck");

        /**
         * Encodes the specified AdmissionFrame message. Does not implicitly {@link skein.AdmissionFrame.verify|verify} messages.
         * @param message AdmissionFrame message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.AdmissionFrame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AdmissionFrame message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.AdmissionFrame & skein.AdmissionFrame.$Shape} AdmissionFrame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.AdmissionFrame & skein.AdmissionFrame.$Shape;

        /**
         * Gets the type url for AdmissionFrame
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace AdmissionFrame {

        /** Properties of an AdmissionFrame. */
        interface $Properties {

            /** AdmissionFrame hello */
            hello?: (skein.Hello.$Properties|null);

            /** AdmissionFrame helloClaims */
            helloClaims?: (skein.HelloClaims.$Properties|null);

            /** AdmissionFrame joinRequest */
            joinRequest?: (skein.JoinRequest.$Properties|null);

            /** AdmissionFrame joinChallenge */
            joinChallenge?: (skein.JoinChallenge.$Properties|null);

            /** AdmissionFrame joinProof */
            joinProof?: (skein.JoinProof.$Properties|null);

            /** AdmissionFrame joinWelcome */
            joinWelcome?: (skein.JoinWelcome.$Properties|null);

            /** AdmissionFrame refusal */
            refusal?: (skein.Refusal.$Properties|null);

            /** AdmissionFrame helloAck */
            helloAck?: (skein.HelloAck.$Properties|null);

            /** AdmissionFrame body */
            body?: ("hello"|"helloClaims"|"joinRequest"|"joinChallenge"|"joinProof"|"joinWelcome"|"refusal"|"helloAck");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of an AdmissionFrame. */
        type $Shape = {
          hello?: skein.Hello.$Shape|null;
          helloClaims?: skein.HelloClaims.$Shape|null;
          joinRequest?: skein.JoinRequest.$Shape|null;
          joinChallenge?: skein.JoinChallenge.$Shape|null;
          joinProof?: skein.JoinProof.$Shape|null;
          joinWelcome?: skein.JoinWelcome.$Shape|null;
          refusal?: skein.Refusal.$Shape|null;
          helloAck?: skein.HelloAck.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "hello"; hello: skein.Hello.$Shape; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "helloClaims"; hello?: null; helloClaims: skein.HelloClaims.$Shape; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinRequest"; hello?: null; helloClaims?: null; joinRequest: skein.JoinRequest.$Shape; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinChallenge"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge: skein.JoinChallenge.$Shape; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinProof"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof: skein.JoinProof.$Shape; joinWelcome?: null; refusal?: null; helloAck?: null }|{ body?: "joinWelcome"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome: skein.JoinWelcome.$Shape; refusal?: null; helloAck?: null }|{ body?: "refusal"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal: skein.Refusal.$Shape; helloAck?: null }|{ body?: "helloAck"; hello?: null; helloClaims?: null; joinRequest?: null; joinChallenge?: null; joinProof?: null; joinWelcome?: null; refusal?: null; helloAck: skein.HelloAck.$Shape })
        );
    }

    /**
     * Properties of a ConsensusMessage.
     * @deprecated Use skein.ConsensusMessage.$Properties instead.
     */
    interface IConsensusMessage extends skein.ConsensusMessage.$Properties {
    }

    /** Represents a ConsensusMessage. */
    class ConsensusMessage {

        /**
         * Constructs a new ConsensusMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ConsensusMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ConsensusMessage raft. */
        raft?: (skein.RaftBatch.$Properties|null);

        /** ConsensusMessage propose. */
        propose?: (skein.PolicyProposal.$Properties|null);

        /** ConsensusMessage operate. */
        operate?: (skein.LeaderOperation.$Properties|null);

        /** ConsensusMessage operated. */
        operated?: (string|null);

        /** ConsensusMessage read. */
        read?: (string|null);

        /** ConsensusMessage readAt. */
        readAt?: (skein.ReadAt.$Properties|null);

        /** ConsensusMessage refuse. */
        refuse?: (skein.RequestRefusal.$Properties|null);

        /** ConsensusMessage follow. */
        follow?: (skein.FollowRequest.$Properties|null);

        /** ConsensusMessage feed. */
        feed?: (skein.FeedAnswer.$Properties|null);

        /** ConsensusMessage snapshotOffer. */
        snapshotOffer?: (skein.SnapshotOffer.$Properties|null);

        /** ConsensusMessage chunkRequest. */
        chunkRequest?: (skein.ChunkRequest.$Properties|null);

        /** ConsensusMessage chunk. */
        chunk?: (skein.SnapshotChunk.$Properties|null);

        /** ConsensusMessage body. */
        body?: ("raft"|"propose"|"operate"|"operated"|"read"|"readAt"|"refuse"|"follow"|"feed"|"snapshotOffer"|"chunkRequest"|"chunk");

        /**
         * Encodes the specified ConsensusMessage message. Does not implicitly {@link skein.ConsensusMessage.verify|verify} messages.
         * @param message ConsensusMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ConsensusMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ConsensusMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ConsensusMessage & skein.ConsensusMessage.$Shape} ConsensusMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ConsensusMessage & skein.ConsensusMessage.$Shape;

        /**
         * Gets the type url for ConsensusMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ConsensusMessage {

        /** Properties of a ConsensusMessage. */
        interface $Properties {

            /** ConsensusMessage raft */
            raft?: (skein.RaftBatch.$Properties|null);

            /** ConsensusMessage propose */
            propose?: (skein.PolicyProposal.$Properties|null);

            /** ConsensusMessage operate */
            operate?: (skein.LeaderOperation.$Properties|null);

            /** ConsensusMessage operated */
            operated?: (string|null);

            /** ConsensusMessage read */
            read?: (string|null);

            /** ConsensusMessage readAt */
            readAt?: (skein.ReadAt.$Properties|null);

            /** ConsensusMessage refuse */
            refuse?: (skein.RequestRefusal.$Properties|null);

            /** ConsensusMessage follow */
            follow?: (skein.FollowRequest.$Properties|null);

            /** ConsensusMessage feed */
            feed?: (skein.FeedAnswer.$Properties|null);

            /** ConsensusMessage snapshotOffer */
            snapshotOffer?: (skein.SnapshotOffer.$Properties|null);

            /** ConsensusMessage chunkRequest */
            chunkRequest?: (skein.ChunkRequest.$Properties|null);

            /** ConsensusMessage chunk */
            chunk?: (skein.SnapshotChunk.$Properties|null);

            /** ConsensusMessage body */
            body?: ("raft"|"propose"|"operate"|"operated"|"read"|"readAt"|"refuse"|"follow"|"feed"|"snapshotOffer"|"chunkRequest"|"chunk");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a ConsensusMessage. */
        type $Shape = {
          raft?: skein.RaftBatch.$Shape|null;
          propose?: skein.PolicyProposal.$Shape|null;
          operate?: skein.LeaderOperation.$Shape|null;
          operated?: string|null;
          read?: string|null;
          readAt?: skein.ReadAt.$Shape|null;
          refuse?: skein.RequestRefusal.$Shape|null;
          follow?: skein.FollowRequest.$Shape|null;
          feed?: skein.FeedAnswer.$Shape|null;
          snapshotOffer?: skein.SnapshotOffer.$Shape|null;
          chunkRequest?: skein.ChunkRequest.$Shape|null;
          chunk?: skein.SnapshotChunk.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "raft"; raft: skein.RaftBatch.$Shape; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "propose"; raft?: null; propose: skein.PolicyProposal.$Shape; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "operate"; raft?: null; propose?: null; operate: skein.LeaderOperation.$Shape; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "operated"; raft?: null; propose?: null; operate?: null; operated: string; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "read"; raft?: null; propose?: null; operate?: null; operated?: null; read: string; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "readAt"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt: skein.ReadAt.$Shape; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "refuse"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse: skein.RequestRefusal.$Shape; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "follow"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow: skein.FollowRequest.$Shape; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "feed"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed: skein.FeedAnswer.$Shape; snapshotOffer?: null; chunkRequest?: null; chunk?: null }|{ body?: "snapshotOffer"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer: skein.SnapshotOffer.$Shape; chunkRequest?: null; chunk?: null }|{ body?: "chunkRequest"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest: skein.ChunkRequest.$Shape; chunk?: null }|{ body?: "chunk"; raft?: null; propose?: null; operate?: null; operated?: null; read?: null; readAt?: null; refuse?: null; follow?: null; feed?: null; snapshotOffer?: null; chunkRequest?: null; chunk: skein.SnapshotChunk.$Shape })
        );
    }

    /**
     * Properties of a StateMark.
     * @deprecated Use skein.StateMark.$Properties instead.
     */
    interface IStateMark extends skein.StateMark.$Properties {
    }

    /** Represents a StateMark. */
    class StateMark {

        /**
         * Constructs a new StateMark.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.StateMark.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StateMark index. */
        index: number;

        /** StateMark hash. */
        hash: string;

        /**
         * Encodes the specified StateMark message. Does not implicitly {@link skein.StateMark.verify|verify} messages.
         * @param message StateMark message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.StateMark.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StateMark message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.StateMark & skein.StateMark.$Shape} StateMark
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.StateMark & skein.StateMark.$Shape;

        /**
         * Gets the type url for StateMark
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace StateMark {

        /** Properties of a StateMark. */
        interface $Properties {

            /** StateMark index */
            index?: (number|null);

            /** StateMark hash */
            hash?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StateMark. */
        type $Shape = skein.StateMark.$Properties;
    }

    /**
     * Properties of a RaftEntry.
     * @deprecated Use skein.RaftEntry.$Properties instead.
     */
    interface IRaftEntry extends skein.RaftEntry.$Properties {
    }

    /** Represents a RaftEntry. */
    class RaftEntry {

        /**
         * Constructs a new RaftEntry.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.RaftEntry.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RaftEntry term. */
        term: number;

        /** RaftEntry type. */
        type: number;

        /** RaftEntry data. */
        data: Uint8Array;

        /**
         * Encodes the specified RaftEntry message. Does not implicitly {@link skein.RaftEntry.verify|verify} messages.
         * @param message RaftEntry message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.RaftEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RaftEntry message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.RaftEntry & skein.RaftEntry.$Shape} RaftEntry
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.RaftEntry & skein.RaftEntry.$Shape;

        /**
         * Gets the type url for RaftEntry
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace RaftEntry {

        /** Properties of a RaftEntry. */
        interface $Properties {

            /** RaftEntry term */
            term?: (number|null);

            /** RaftEntry type */
            type?: (number|null);

            /** RaftEntry data */
            data?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RaftEntry. */
        type $Shape = skein.RaftEntry.$Properties;
    }

    /**
     * Properties of a RaftMessage.
     * @deprecated Use skein.RaftMessage.$Properties instead.
     */
    interface IRaftMessage extends skein.RaftMessage.$Properties {
    }

    /** Represents a RaftMessage. */
    class RaftMessage {

        /**
         * Constructs a new RaftMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.RaftMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RaftMessage type. */
        type: number;

        /** RaftMessage to. */
        to: number;

        /** RaftMessage from. */
        from: number;

        /** RaftMessage term. */
        term: number;

        /** RaftMessage logTerm. */
        logTerm: number;

        /** RaftMessage index. */
        index: number;

        /** RaftMessage entries. */
        entries: skein.RaftEntry.$Properties[];

        /** RaftMessage commit. */
        commit: number;

        /** RaftMessage isRejected. */
        isRejected: boolean;

        /** RaftMessage rejectHint. */
        rejectHint: number;

        /** RaftMessage isTransfer. */
        isTransfer: boolean;

        /** RaftMessage readCount. */
        readCount: number;

        /** RaftMessage context. */
        context: Uint8Array;

        /**
         * Encodes the specified RaftMessage message. Does not implicitly {@link skein.RaftMessage.verify|verify} messages.
         * @param message RaftMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.RaftMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RaftMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.RaftMessage & skein.RaftMessage.$Shape} RaftMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.RaftMessage & skein.RaftMessage.$Shape;

        /**
         * Gets the type url for RaftMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace RaftMessage {

        /** Properties of a RaftMessage. */
        interface $Properties {

            /** RaftMessage type */
            type?: (number|null);

            /** RaftMessage to */
            to?: (number|null);

            /** RaftMessage from */
            from?: (number|null);

            /** RaftMessage term */
            term?: (number|null);

            /** RaftMessage logTerm */
            logTerm?: (number|null);

            /** RaftMessage index */
            index?: (number|null);

            /** RaftMessage entries */
            entries?: (skein.RaftEntry.$Properties[]|null);

            /** RaftMessage commit */
            commit?: (number|null);

            /** RaftMessage isRejected */
            isRejected?: (boolean|null);

            /** RaftMessage rejectHint */
            rejectHint?: (number|null);

            /** RaftMessage isTransfer */
            isTransfer?: (boolean|null);

            /** RaftMessage readCount */
            readCount?: (number|null);

            /** RaftMessage context */
            context?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RaftMessage. */
        type $Shape = skein.RaftMessage.$Properties;
    }

    /**
     * Properties of a RaftBatch.
     * @deprecated Use skein.RaftBatch.$Properties instead.
     */
    interface IRaftBatch extends skein.RaftBatch.$Properties {
    }

    /** Represents a RaftBatch. */
    class RaftBatch {

        /**
         * Constructs a new RaftBatch.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.RaftBatch.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RaftBatch messages. */
        messages: skein.RaftMessage.$Properties[];

        /** RaftBatch mark. */
        mark?: (skein.StateMark.$Properties|null);

        /**
         * Encodes the specified RaftBatch message. Does not implicitly {@link skein.RaftBatch.verify|verify} messages.
         * @param message RaftBatch message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.RaftBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RaftBatch message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.RaftBatch & skein.RaftBatch.$Shape} RaftBatch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.RaftBatch & skein.RaftBatch.$Shape;

        /**
         * Gets the type url for RaftBatch
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace RaftBatch {

        /** Properties of a RaftBatch. */
        interface $Properties {

            /** RaftBatch messages */
            messages?: (skein.RaftMessage.$Properties[]|null);

            /** RaftBatch mark */
            mark?: (skein.StateMark.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RaftBatch. */
        type $Shape = skein.RaftBatch.$Properties;
    }

    /**
     * Properties of a PolicyProposal.
     * @deprecated Use skein.PolicyProposal.$Properties instead.
     */
    interface IPolicyProposal extends skein.PolicyProposal.$Properties {
    }

    /** Represents a PolicyProposal. */
    class PolicyProposal {

        /**
         * Constructs a new PolicyProposal.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.PolicyProposal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PolicyProposal requestId. */
        requestId: string;

        /** PolicyProposal command. */
        command: Uint8Array;

        /**
         * Encodes the specified PolicyProposal message. Does not implicitly {@link skein.PolicyProposal.verify|verify} messages.
         * @param message PolicyProposal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.PolicyProposal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PolicyProposal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.PolicyProposal & skein.PolicyProposal.$Shape} PolicyProposal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.PolicyProposal & skein.PolicyProposal.$Shape;

        /**
         * Gets the type url for PolicyProposal
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace PolicyProposal {

        /** Properties of a PolicyProposal. */
        interface $Properties {

            /** PolicyProposal requestId */
            requestId?: (string|null);

            /** PolicyProposal command */
            command?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PolicyProposal. */
        type $Shape = skein.PolicyProposal.$Properties;
    }

    /**
     * Properties of a LeaderOperation.
     * @deprecated Use skein.LeaderOperation.$Properties instead.
     */
    interface ILeaderOperation extends skein.LeaderOperation.$Properties {
    }

    /** Represents a LeaderOperation. */
    class LeaderOperation {

        /**
         * Constructs a new LeaderOperation.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LeaderOperation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LeaderOperation requestId. */
        requestId: string;

        /** LeaderOperation type. */
        type: number;

        /** LeaderOperation node. */
        node: number;

        /**
         * Encodes the specified LeaderOperation message. Does not implicitly {@link skein.LeaderOperation.verify|verify} messages.
         * @param message LeaderOperation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LeaderOperation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LeaderOperation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LeaderOperation & skein.LeaderOperation.$Shape} LeaderOperation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LeaderOperation & skein.LeaderOperation.$Shape;

        /**
         * Gets the type url for LeaderOperation
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LeaderOperation {

        /** Properties of a LeaderOperation. */
        interface $Properties {

            /** LeaderOperation requestId */
            requestId?: (string|null);

            /** LeaderOperation type */
            type?: (number|null);

            /** LeaderOperation node */
            node?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LeaderOperation. */
        type $Shape = skein.LeaderOperation.$Properties;
    }

    /**
     * Properties of a ReadAt.
     * @deprecated Use skein.ReadAt.$Properties instead.
     */
    interface IReadAt extends skein.ReadAt.$Properties {
    }

    /** Represents a ReadAt. */
    class ReadAt {

        /**
         * Constructs a new ReadAt.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ReadAt.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ReadAt requestId. */
        requestId: string;

        /** ReadAt index. */
        index: number;

        /**
         * Encodes the specified ReadAt message. Does not implicitly {@link skein.ReadAt.verify|verify} messages.
         * @param message ReadAt message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ReadAt.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ReadAt message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ReadAt & skein.ReadAt.$Shape} ReadAt
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ReadAt & skein.ReadAt.$Shape;

        /**
         * Gets the type url for ReadAt
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ReadAt {

        /** Properties of a ReadAt. */
        interface $Properties {

            /** ReadAt requestId */
            requestId?: (string|null);

            /** ReadAt index */
            index?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ReadAt. */
        type $Shape = skein.ReadAt.$Properties;
    }

    /**
     * Properties of a RequestRefusal.
     * @deprecated Use skein.RequestRefusal.$Properties instead.
     */
    interface IRequestRefusal extends skein.RequestRefusal.$Properties {
    }

    /** Represents a RequestRefusal. */
    class RequestRefusal {

        /**
         * Constructs a new RequestRefusal.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.RequestRefusal.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** RequestRefusal requestId. */
        requestId: string;

        /** RequestRefusal reason. */
        reason: number;

        /** RequestRefusal leader. */
        leader: string;

        /**
         * Encodes the specified RequestRefusal message. Does not implicitly {@link skein.RequestRefusal.verify|verify} messages.
         * @param message RequestRefusal message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.RequestRefusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a RequestRefusal message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.RequestRefusal & skein.RequestRefusal.$Shape} RequestRefusal
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.RequestRefusal & skein.RequestRefusal.$Shape;

        /**
         * Gets the type url for RequestRefusal
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace RequestRefusal {

        /** Properties of a RequestRefusal. */
        interface $Properties {

            /** RequestRefusal requestId */
            requestId?: (string|null);

            /** RequestRefusal reason */
            reason?: (number|null);

            /** RequestRefusal leader */
            leader?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a RequestRefusal. */
        type $Shape = skein.RequestRefusal.$Properties;
    }

    /**
     * Properties of a FollowRequest.
     * @deprecated Use skein.FollowRequest.$Properties instead.
     */
    interface IFollowRequest extends skein.FollowRequest.$Properties {
    }

    /** Represents a FollowRequest. */
    class FollowRequest {

        /**
         * Constructs a new FollowRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.FollowRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** FollowRequest lastIndex. */
        lastIndex: number;

        /** FollowRequest mark. */
        mark?: (skein.StateMark.$Properties|null);

        /**
         * Encodes the specified FollowRequest message. Does not implicitly {@link skein.FollowRequest.verify|verify} messages.
         * @param message FollowRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.FollowRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a FollowRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.FollowRequest & skein.FollowRequest.$Shape} FollowRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.FollowRequest & skein.FollowRequest.$Shape;

        /**
         * Gets the type url for FollowRequest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace FollowRequest {

        /** Properties of a FollowRequest. */
        interface $Properties {

            /** FollowRequest lastIndex */
            lastIndex?: (number|null);

            /** FollowRequest mark */
            mark?: (skein.StateMark.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a FollowRequest. */
        type $Shape = skein.FollowRequest.$Properties;
    }

    /**
     * Properties of a FeedAnswer.
     * @deprecated Use skein.FeedAnswer.$Properties instead.
     */
    interface IFeedAnswer extends skein.FeedAnswer.$Properties {
    }

    /** Represents a FeedAnswer. */
    class FeedAnswer {

        /**
         * Constructs a new FeedAnswer.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.FeedAnswer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** FeedAnswer prevIndex. */
        prevIndex: number;

        /** FeedAnswer entries. */
        entries: skein.RaftEntry.$Properties[];

        /** FeedAnswer commitIndex. */
        commitIndex: number;

        /** FeedAnswer leader. */
        leader: string;

        /** FeedAnswer term. */
        term: number;

        /** FeedAnswer staleForMs. */
        staleForMs: number;

        /** FeedAnswer mark. */
        mark?: (skein.StateMark.$Properties|null);

        /**
         * Encodes the specified FeedAnswer message. Does not implicitly {@link skein.FeedAnswer.verify|verify} messages.
         * @param message FeedAnswer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.FeedAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a FeedAnswer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.FeedAnswer & skein.FeedAnswer.$Shape} FeedAnswer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.FeedAnswer & skein.FeedAnswer.$Shape;

        /**
         * Gets the type url for FeedAnswer
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace FeedAnswer {

        /** Properties of a FeedAnswer. */
        interface $Properties {

            /** FeedAnswer prevIndex */
            prevIndex?: (number|null);

            /** FeedAnswer entries */
            entries?: (skein.RaftEntry.$Properties[]|null);

            /** FeedAnswer commitIndex */
            commitIndex?: (number|null);

            /** FeedAnswer leader */
            leader?: (string|null);

            /** FeedAnswer term */
            term?: (number|null);

            /** FeedAnswer staleForMs */
            staleForMs?: (number|null);

            /** FeedAnswer mark */
            mark?: (skein.StateMark.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a FeedAnswer. */
        type $Shape = skein.FeedAnswer.$Properties;
    }

    /**
     * Properties of a ConfState.
     * @deprecated Use skein.ConfState.$Properties instead.
     */
    interface IConfState extends skein.ConfState.$Properties {
    }

    /** Represents a ConfState. */
    class ConfState {

        /**
         * Constructs a new ConfState.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ConfState.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ConfState voters. */
        voters: number[];

        /** ConfState learners. */
        learners: number[];

        /** ConfState votersOutgoing. */
        votersOutgoing: number[];

        /** ConfState learnersNext. */
        learnersNext: number[];

        /** ConfState isAutoLeave. */
        isAutoLeave: boolean;

        /**
         * Encodes the specified ConfState message. Does not implicitly {@link skein.ConfState.verify|verify} messages.
         * @param message ConfState message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ConfState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ConfState message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ConfState & skein.ConfState.$Shape} ConfState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ConfState & skein.ConfState.$Shape;

        /**
         * Gets the type url for ConfState
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ConfState {

        /** Properties of a ConfState. */
        interface $Properties {

            /** ConfState voters */
            voters?: (number[]|null);

            /** ConfState learners */
            learners?: (number[]|null);

            /** ConfState votersOutgoing */
            votersOutgoing?: (number[]|null);

            /** ConfState learnersNext */
            learnersNext?: (number[]|null);

            /** ConfState isAutoLeave */
            isAutoLeave?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ConfState. */
        type $Shape = skein.ConfState.$Properties;
    }

    /**
     * Properties of a SnapshotOffer.
     * @deprecated Use skein.SnapshotOffer.$Properties instead.
     */
    interface ISnapshotOffer extends skein.SnapshotOffer.$Properties {
    }

    /** Represents a SnapshotOffer. */
    class SnapshotOffer {

        /**
         * Constructs a new SnapshotOffer.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.SnapshotOffer.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SnapshotOffer index. */
        index: number;

        /** SnapshotOffer term. */
        term: number;

        /** SnapshotOffer confState. */
        confState?: (skein.ConfState.$Properties|null);

        /** SnapshotOffer sizeBytes. */
        sizeBytes: number;

        /** SnapshotOffer message. */
        message?: (skein.RaftMessage.$Properties|null);

        /**
         * Encodes the specified SnapshotOffer message. Does not implicitly {@link skein.SnapshotOffer.verify|verify} messages.
         * @param message SnapshotOffer message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.SnapshotOffer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SnapshotOffer message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.SnapshotOffer & skein.SnapshotOffer.$Shape} SnapshotOffer
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.SnapshotOffer & skein.SnapshotOffer.$Shape;

        /**
         * Gets the type url for SnapshotOffer
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SnapshotOffer {

        /** Properties of a SnapshotOffer. */
        interface $Properties {

            /** SnapshotOffer index */
            index?: (number|null);

            /** SnapshotOffer term */
            term?: (number|null);

            /** SnapshotOffer confState */
            confState?: (skein.ConfState.$Properties|null);

            /** SnapshotOffer sizeBytes */
            sizeBytes?: (number|null);

            /** SnapshotOffer message */
            message?: (skein.RaftMessage.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SnapshotOffer. */
        type $Shape = skein.SnapshotOffer.$Properties;
    }

    /**
     * Properties of a ChunkRequest.
     * @deprecated Use skein.ChunkRequest.$Properties instead.
     */
    interface IChunkRequest extends skein.ChunkRequest.$Properties {
    }

    /** Represents a ChunkRequest. */
    class ChunkRequest {

        /**
         * Constructs a new ChunkRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ChunkRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ChunkRequest index. */
        index: number;

        /** ChunkRequest term. */
        term: number;

        /** ChunkRequest offset. */
        offset: number;

        /**
         * Encodes the specified ChunkRequest message. Does not implicitly {@link skein.ChunkRequest.verify|verify} messages.
         * @param message ChunkRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ChunkRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ChunkRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ChunkRequest & skein.ChunkRequest.$Shape} ChunkRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ChunkRequest & skein.ChunkRequest.$Shape;

        /**
         * Gets the type url for ChunkRequest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ChunkRequest {

        /** Properties of a ChunkRequest. */
        interface $Properties {

            /** ChunkRequest index */
            index?: (number|null);

            /** ChunkRequest term */
            term?: (number|null);

            /** ChunkRequest offset */
            offset?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ChunkRequest. */
        type $Shape = skein.ChunkRequest.$Properties;
    }

    /**
     * Properties of a SnapshotChunk.
     * @deprecated Use skein.SnapshotChunk.$Properties instead.
     */
    interface ISnapshotChunk extends skein.SnapshotChunk.$Properties {
    }

    /** Represents a SnapshotChunk. */
    class SnapshotChunk {

        /**
         * Constructs a new SnapshotChunk.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.SnapshotChunk.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SnapshotChunk index. */
        index: number;

        /** SnapshotChunk term. */
        term: number;

        /** SnapshotChunk offset. */
        offset: number;

        /** SnapshotChunk bytes. */
        bytes: Uint8Array;

        /**
         * Encodes the specified SnapshotChunk message. Does not implicitly {@link skein.SnapshotChunk.verify|verify} messages.
         * @param message SnapshotChunk message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.SnapshotChunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SnapshotChunk message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.SnapshotChunk & skein.SnapshotChunk.$Shape} SnapshotChunk
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.SnapshotChunk & skein.SnapshotChunk.$Shape;

        /**
         * Gets the type url for SnapshotChunk
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SnapshotChunk {

        /** Properties of a SnapshotChunk. */
        interface $Properties {

            /** SnapshotChunk index */
            index?: (number|null);

            /** SnapshotChunk term */
            term?: (number|null);

            /** SnapshotChunk offset */
            offset?: (number|null);

            /** SnapshotChunk bytes */
            bytes?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SnapshotChunk. */
        type $Shape = skein.SnapshotChunk.$Properties;
    }

    /**
     * Properties of a ConfChange.
     * @deprecated Use skein.ConfChange.$Properties instead.
     */
    interface IConfChange extends skein.ConfChange.$Properties {
    }

    /** Represents a ConfChange. */
    class ConfChange {

        /**
         * Constructs a new ConfChange.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ConfChange.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ConfChange transition. */
        transition: number;

        /** ConfChange changes. */
        changes: skein.ConfChangeSingle.$Properties[];

        /** ConfChange context. */
        context: Uint8Array;

        /**
         * Encodes the specified ConfChange message. Does not implicitly {@link skein.ConfChange.verify|verify} messages.
         * @param message ConfChange message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ConfChange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ConfChange message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ConfChange & skein.ConfChange.$Shape} ConfChange
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ConfChange & skein.ConfChange.$Shape;

        /**
         * Gets the type url for ConfChange
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ConfChange {

        /** Properties of a ConfChange. */
        interface $Properties {

            /** ConfChange transition */
            transition?: (number|null);

            /** ConfChange changes */
            changes?: (skein.ConfChangeSingle.$Properties[]|null);

            /** ConfChange context */
            context?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ConfChange. */
        type $Shape = skein.ConfChange.$Properties;
    }

    /**
     * Properties of a ConfChangeSingle.
     * @deprecated Use skein.ConfChangeSingle.$Properties instead.
     */
    interface IConfChangeSingle extends skein.ConfChangeSingle.$Properties {
    }

    /** Represents a ConfChangeSingle. */
    class ConfChangeSingle {

        /**
         * Constructs a new ConfChangeSingle.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ConfChangeSingle.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ConfChangeSingle type. */
        type: number;

        /** ConfChangeSingle nodeId. */
        nodeId: number;

        /**
         * Encodes the specified ConfChangeSingle message. Does not implicitly {@link skein.ConfChangeSingle.verify|verify} messages.
         * @param message ConfChangeSingle message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ConfChangeSingle.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ConfChangeSingle message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ConfChangeSingle & skein.ConfChangeSingle.$Shape} ConfChangeSingle
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ConfChangeSingle & skein.ConfChangeSingle.$Shape;

        /**
         * Gets the type url for ConfChangeSingle
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ConfChangeSingle {

        /** Properties of a ConfChangeSingle. */
        interface $Properties {

            /** ConfChangeSingle type */
            type?: (number|null);

            /** ConfChangeSingle nodeId */
            nodeId?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ConfChangeSingle. */
        type $Shape = skein.ConfChangeSingle.$Properties;
    }

    /**
     * Properties of a StoredSnapshot.
     * @deprecated Use skein.StoredSnapshot.$Properties instead.
     */
    interface IStoredSnapshot extends skein.StoredSnapshot.$Properties {
    }

    /** Represents a StoredSnapshot. */
    class StoredSnapshot {

        /**
         * Constructs a new StoredSnapshot.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.StoredSnapshot.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** StoredSnapshot confState. */
        confState?: (skein.ConfState.$Properties|null);

        /** StoredSnapshot state. */
        state: Uint8Array;

        /**
         * Encodes the specified StoredSnapshot message. Does not implicitly {@link skein.StoredSnapshot.verify|verify} messages.
         * @param message StoredSnapshot message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.StoredSnapshot.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a StoredSnapshot message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.StoredSnapshot & skein.StoredSnapshot.$Shape} StoredSnapshot
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.StoredSnapshot & skein.StoredSnapshot.$Shape;

        /**
         * Gets the type url for StoredSnapshot
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace StoredSnapshot {

        /** Properties of a StoredSnapshot. */
        interface $Properties {

            /** StoredSnapshot confState */
            confState?: (skein.ConfState.$Properties|null);

            /** StoredSnapshot state */
            state?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a StoredSnapshot. */
        type $Shape = skein.StoredSnapshot.$Properties;
    }

    /**
     * Properties of a LaneFrame.
     * @deprecated Use skein.LaneFrame.$Properties instead.
     */
    interface ILaneFrame extends skein.LaneFrame.$Properties {
    }

    /** Represents a LaneFrame. */
    class LaneFrame {

        /**
         * Constructs a new LaneFrame.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneFrame.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneFrame id. */
        id: number;

        /** LaneFrame request. */
        request?: (skein.LaneRequest.$Properties|null);

        /** LaneFrame requestChunk. */
        requestChunk?: (Uint8Array|null);

        /** LaneFrame head. */
        head?: (skein.LaneHead.$Properties|null);

        /** LaneFrame chunk. */
        chunk?: (Uint8Array|null);

        /** LaneFrame end. */
        end?: (skein.LaneEnd.$Properties|null);

        /** LaneFrame error. */
        error?: (skein.LaneError.$Properties|null);

        /** LaneFrame cancel. */
        cancel?: (boolean|null);

        /** LaneFrame credit. */
        credit?: (number|null);

        /** LaneFrame message. */
        message?: (Uint8Array|null);

        /** LaneFrame longMessage. */
        longMessage?: (skein.LaneLongMessage.$Properties|null);

        /** LaneFrame body. */
        body?: ("request"|"requestChunk"|"head"|"chunk"|"end"|"error"|"cancel"|"credit"|"message"|"longMessage");

        /**
         * Encodes the specified LaneFrame message. Does not implicitly {@link skein.LaneFrame.verify|verify} messages.
         * @param message LaneFrame message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneFrame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneFrame message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneFrame & skein.LaneFrame.$Shape} LaneFrame
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneFrame & skein.LaneFrame.$Shape;

        /**
         * Gets the type url for LaneFrame
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneFrame {

        /** Properties of a LaneFrame. */
        interface $Properties {

            /** LaneFrame id */
            id?: (number|null);

            /** LaneFrame request */
            request?: (skein.LaneRequest.$Properties|null);

            /** LaneFrame requestChunk */
            requestChunk?: (Uint8Array|null);

            /** LaneFrame head */
            head?: (skein.LaneHead.$Properties|null);

            /** LaneFrame chunk */
            chunk?: (Uint8Array|null);

            /** LaneFrame end */
            end?: (skein.LaneEnd.$Properties|null);

            /** LaneFrame error */
            error?: (skein.LaneError.$Properties|null);

            /** LaneFrame cancel */
            cancel?: (boolean|null);

            /** LaneFrame credit */
            credit?: (number|null);

            /** LaneFrame message */
            message?: (Uint8Array|null);

            /** LaneFrame longMessage */
            longMessage?: (skein.LaneLongMessage.$Properties|null);

            /** LaneFrame body */
            body?: ("request"|"requestChunk"|"head"|"chunk"|"end"|"error"|"cancel"|"credit"|"message"|"longMessage");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a LaneFrame. */
        type $Shape = {
          id?: number|null;
          request?: skein.LaneRequest.$Shape|null;
          requestChunk?: Uint8Array|null;
          head?: skein.LaneHead.$Shape|null;
          chunk?: Uint8Array|null;
          end?: skein.LaneEnd.$Shape|null;
          error?: skein.LaneError.$Shape|null;
          cancel?: boolean|null;
          credit?: number|null;
          message?: Uint8Array|null;
          longMessage?: skein.LaneLongMessage.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "request"; request: skein.LaneRequest.$Shape; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "requestChunk"; request?: null; requestChunk: Uint8Array; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "head"; request?: null; requestChunk?: null; head: skein.LaneHead.$Shape; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "chunk"; request?: null; requestChunk?: null; head?: null; chunk: Uint8Array; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "end"; request?: null; requestChunk?: null; head?: null; chunk?: null; end: skein.LaneEnd.$Shape; error?: null; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "error"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error: skein.LaneError.$Shape; cancel?: null; credit?: null; message?: null; longMessage?: null }|{ body?: "cancel"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel: boolean; credit?: null; message?: null; longMessage?: null }|{ body?: "credit"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit: number; message?: null; longMessage?: null }|{ body?: "message"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message: Uint8Array; longMessage?: null }|{ body?: "longMessage"; request?: null; requestChunk?: null; head?: null; chunk?: null; end?: null; error?: null; cancel?: null; credit?: null; message?: null; longMessage: skein.LaneLongMessage.$Shape })
        );
    }

    /**
     * Properties of a LaneLongMessage.
     * @deprecated Use skein.LaneLongMessage.$Properties instead.
     */
    interface ILaneLongMessage extends skein.LaneLongMessage.$Properties {
    }

    /** Represents a LaneLongMessage. */
    class LaneLongMessage {

        /**
         * Constructs a new LaneLongMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneLongMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneLongMessage part. */
        part: Uint8Array;

        /** LaneLongMessage isLast. */
        isLast: boolean;

        /**
         * Encodes the specified LaneLongMessage message. Does not implicitly {@link skein.LaneLongMessage.verify|verify} messages.
         * @param message LaneLongMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneLongMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneLongMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneLongMessage & skein.LaneLongMessage.$Shape} LaneLongMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneLongMessage & skein.LaneLongMessage.$Shape;

        /**
         * Gets the type url for LaneLongMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneLongMessage {

        /** Properties of a LaneLongMessage. */
        interface $Properties {

            /** LaneLongMessage part */
            part?: (Uint8Array|null);

            /** LaneLongMessage isLast */
            isLast?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LaneLongMessage. */
        type $Shape = skein.LaneLongMessage.$Properties;
    }

    /**
     * Properties of a LaneRequest.
     * @deprecated Use skein.LaneRequest.$Properties instead.
     */
    interface ILaneRequest extends skein.LaneRequest.$Properties {
    }

    /** Represents a LaneRequest. */
    class LaneRequest {

        /**
         * Constructs a new LaneRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneRequest method. */
        method: string;

        /** LaneRequest headers. */
        headers: { [k: string]: string };

        /** LaneRequest bodyBytes. */
        bodyBytes: number;

        /** LaneRequest body. */
        body: Uint8Array;

        /** LaneRequest credit. */
        credit: number;

        /**
         * Encodes the specified LaneRequest message. Does not implicitly {@link skein.LaneRequest.verify|verify} messages.
         * @param message LaneRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneRequest & skein.LaneRequest.$Shape} LaneRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneRequest & skein.LaneRequest.$Shape;

        /**
         * Gets the type url for LaneRequest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneRequest {

        /** Properties of a LaneRequest. */
        interface $Properties {

            /** LaneRequest method */
            method?: (string|null);

            /** LaneRequest headers */
            headers?: ({ [k: string]: string }|null);

            /** LaneRequest bodyBytes */
            bodyBytes?: (number|null);

            /** LaneRequest body */
            body?: (Uint8Array|null);

            /** LaneRequest credit */
            credit?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LaneRequest. */
        type $Shape = skein.LaneRequest.$Properties;
    }

    /**
     * Properties of a LaneHead.
     * @deprecated Use skein.LaneHead.$Properties instead.
     */
    interface ILaneHead extends skein.LaneHead.$Properties {
    }

    /** Represents a LaneHead. */
    class LaneHead {

        /**
         * Constructs a new LaneHead.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneHead.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneHead status. */
        status: number;

        /** LaneHead headers. */
        headers: { [k: string]: string };

        /**
         * Encodes the specified LaneHead message. Does not implicitly {@link skein.LaneHead.verify|verify} messages.
         * @param message LaneHead message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneHead.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneHead message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneHead & skein.LaneHead.$Shape} LaneHead
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneHead & skein.LaneHead.$Shape;

        /**
         * Gets the type url for LaneHead
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneHead {

        /** Properties of a LaneHead. */
        interface $Properties {

            /** LaneHead status */
            status?: (number|null);

            /** LaneHead headers */
            headers?: ({ [k: string]: string }|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LaneHead. */
        type $Shape = skein.LaneHead.$Properties;
    }

    /**
     * Properties of a LaneEnd.
     * @deprecated Use skein.LaneEnd.$Properties instead.
     */
    interface ILaneEnd extends skein.LaneEnd.$Properties {
    }

    /** Represents a LaneEnd. */
    class LaneEnd {

        /**
         * Constructs a new LaneEnd.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneEnd.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneEnd trailer. */
        trailer: Uint8Array;

        /**
         * Encodes the specified LaneEnd message. Does not implicitly {@link skein.LaneEnd.verify|verify} messages.
         * @param message LaneEnd message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneEnd.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneEnd message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneEnd & skein.LaneEnd.$Shape} LaneEnd
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneEnd & skein.LaneEnd.$Shape;

        /**
         * Gets the type url for LaneEnd
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneEnd {

        /** Properties of a LaneEnd. */
        interface $Properties {

            /** LaneEnd trailer */
            trailer?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LaneEnd. */
        type $Shape = skein.LaneEnd.$Properties;
    }

    /**
     * Properties of a LaneError.
     * @deprecated Use skein.LaneError.$Properties instead.
     */
    interface ILaneError extends skein.LaneError.$Properties {
    }

    /** Represents a LaneError. */
    class LaneError {

        /**
         * Constructs a new LaneError.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.LaneError.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** LaneError code. */
        code: string;

        /** LaneError message. */
        message: string;

        /** LaneError details. */
        details: string;

        /** LaneError trailer. */
        trailer: Uint8Array;

        /** LaneError hint. */
        hint: string;

        /**
         * Encodes the specified LaneError message. Does not implicitly {@link skein.LaneError.verify|verify} messages.
         * @param message LaneError message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.LaneError.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a LaneError message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.LaneError & skein.LaneError.$Shape} LaneError
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.LaneError & skein.LaneError.$Shape;

        /**
         * Gets the type url for LaneError
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace LaneError {

        /** Properties of a LaneError. */
        interface $Properties {

            /** LaneError code */
            code?: (string|null);

            /** LaneError message */
            message?: (string|null);

            /** LaneError details */
            details?: (string|null);

            /** LaneError trailer */
            trailer?: (Uint8Array|null);

            /** LaneError hint */
            hint?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a LaneError. */
        type $Shape = skein.LaneError.$Properties;
    }

    /**
     * Properties of a MembershipMessage.
     * @deprecated Use skein.MembershipMessage.$Properties instead.
     */
    interface IMembershipMessage extends skein.MembershipMessage.$Properties {
    }

    /** Represents a MembershipMessage. */
    class MembershipMessage {

        /**
         * Constructs a new MembershipMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.MembershipMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MembershipMessage ping. */
        ping?: (number|null);

        /** MembershipMessage ack. */
        ack?: (number|null);

        /** MembershipMessage pingRequest. */
        pingRequest?: (skein.PingRequest.$Properties|null);

        /** MembershipMessage nack. */
        nack?: (number|null);

        /** MembershipMessage digest. */
        digest?: (skein.Digest.$Properties|null);

        /** MembershipMessage entries. */
        entries?: (skein.Entries.$Properties|null);

        /** MembershipMessage delta. */
        delta?: (skein.Delta.$Properties|null);

        /** MembershipMessage release. */
        release?: (boolean|null);

        /** MembershipMessage news. */
        news?: (boolean|null);

        /** MembershipMessage headIncarnation. */
        headIncarnation: number;

        /** MembershipMessage headVersion. */
        headVersion: number;

        /** MembershipMessage coordinate. */
        coordinate?: (skein.Coordinate.$Properties|null);

        /** MembershipMessage claims. */
        claims: Uint8Array[];

        /** MembershipMessage accusations. */
        accusations: skein.Accusation.$Properties[];

        /** MembershipMessage body. */
        body?: ("ping"|"ack"|"pingRequest"|"nack"|"digest"|"entries"|"delta"|"release"|"news");

        /**
         * Encodes the specified MembershipMessage message. Does not implicitly {@link skein.MembershipMessage.verify|verify} messages.
         * @param message MembershipMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.MembershipMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MembershipMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.MembershipMessage & skein.MembershipMessage.$Shape} MembershipMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.MembershipMessage & skein.MembershipMessage.$Shape;

        /**
         * Gets the type url for MembershipMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace MembershipMessage {

        /** Properties of a MembershipMessage. */
        interface $Properties {

            /** MembershipMessage ping */
            ping?: (number|null);

            /** MembershipMessage ack */
            ack?: (number|null);

            /** MembershipMessage pingRequest */
            pingRequest?: (skein.PingRequest.$Properties|null);

            /** MembershipMessage nack */
            nack?: (number|null);

            /** MembershipMessage digest */
            digest?: (skein.Digest.$Properties|null);

            /** MembershipMessage entries */
            entries?: (skein.Entries.$Properties|null);

            /** MembershipMessage delta */
            delta?: (skein.Delta.$Properties|null);

            /** MembershipMessage release */
            release?: (boolean|null);

            /** MembershipMessage news */
            news?: (boolean|null);

            /** MembershipMessage headIncarnation */
            headIncarnation?: (number|null);

            /** MembershipMessage headVersion */
            headVersion?: (number|null);

            /** MembershipMessage coordinate */
            coordinate?: (skein.Coordinate.$Properties|null);

            /** MembershipMessage claims */
            claims?: (Uint8Array[]|null);

            /** MembershipMessage accusations */
            accusations?: (skein.Accusation.$Properties[]|null);

            /** MembershipMessage body */
            body?: ("ping"|"ack"|"pingRequest"|"nack"|"digest"|"entries"|"delta"|"release"|"news");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a MembershipMessage. */
        type $Shape = {
          ping?: number|null;
          ack?: number|null;
          pingRequest?: skein.PingRequest.$Shape|null;
          nack?: number|null;
          digest?: skein.Digest.$Shape|null;
          entries?: skein.Entries.$Shape|null;
          delta?: skein.Delta.$Shape|null;
          release?: boolean|null;
          news?: boolean|null;
          headIncarnation?: number|null;
          headVersion?: number|null;
          coordinate?: skein.Coordinate.$Shape|null;
          claims?: Uint8Array[]|null;
          accusations?: skein.Accusation.$Shape[]|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "ping"; ping: number; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "ack"; ping?: null; ack: number; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "pingRequest"; ping?: null; ack?: null; pingRequest: skein.PingRequest.$Shape; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "nack"; ping?: null; ack?: null; pingRequest?: null; nack: number; digest?: null; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "digest"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest: skein.Digest.$Shape; entries?: null; delta?: null; release?: null; news?: null }|{ body?: "entries"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries: skein.Entries.$Shape; delta?: null; release?: null; news?: null }|{ body?: "delta"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta: skein.Delta.$Shape; release?: null; news?: null }|{ body?: "release"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release: boolean; news?: null }|{ body?: "news"; ping?: null; ack?: null; pingRequest?: null; nack?: null; digest?: null; entries?: null; delta?: null; release?: null; news: boolean })
        );
    }

    /**
     * Properties of a PingRequest.
     * @deprecated Use skein.PingRequest.$Properties instead.
     */
    interface IPingRequest extends skein.PingRequest.$Properties {
    }

    /** Represents a PingRequest. */
    class PingRequest {

        /**
         * Constructs a new PingRequest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.PingRequest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PingRequest sequence. */
        sequence: number;

        /** PingRequest target. */
        target: string;

        /**
         * Encodes the specified PingRequest message. Does not implicitly {@link skein.PingRequest.verify|verify} messages.
         * @param message PingRequest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.PingRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PingRequest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.PingRequest & skein.PingRequest.$Shape} PingRequest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.PingRequest & skein.PingRequest.$Shape;

        /**
         * Gets the type url for PingRequest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace PingRequest {

        /** Properties of a PingRequest. */
        interface $Properties {

            /** PingRequest sequence */
            sequence?: (number|null);

            /** PingRequest target */
            target?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PingRequest. */
        type $Shape = skein.PingRequest.$Properties;
    }

    /**
     * Properties of a Digest.
     * @deprecated Use skein.Digest.$Properties instead.
     */
    interface IDigest extends skein.Digest.$Properties {
    }

    /** Represents a Digest. */
    class Digest {

        /**
         * Constructs a new Digest.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Digest.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Digest hashes. */
        hashes: number[];

        /**
         * Encodes the specified Digest message. Does not implicitly {@link skein.Digest.verify|verify} messages.
         * @param message Digest message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Digest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Digest message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Digest & skein.Digest.$Shape} Digest
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Digest & skein.Digest.$Shape;

        /**
         * Gets the type url for Digest
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Digest {

        /** Properties of a Digest. */
        interface $Properties {

            /** Digest hashes */
            hashes?: (number[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Digest. */
        type $Shape = skein.Digest.$Properties;
    }

    /**
     * Properties of an Entries.
     * @deprecated Use skein.Entries.$Properties instead.
     */
    interface IEntries extends skein.Entries.$Properties {
    }

    /** Represents an Entries. */
    class Entries {

        /**
         * Constructs a new Entries.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Entries.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Entries buckets. */
        buckets: number[];

        /** Entries entries. */
        entries: skein.DigestEntry.$Properties[];

        /**
         * Encodes the specified Entries message. Does not implicitly {@link skein.Entries.verify|verify} messages.
         * @param message Entries message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Entries.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Entries message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Entries & skein.Entries.$Shape} Entries
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Entries & skein.Entries.$Shape;

        /**
         * Gets the type url for Entries
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Entries {

        /** Properties of an Entries. */
        interface $Properties {

            /** Entries buckets */
            buckets?: (number[]|null);

            /** Entries entries */
            entries?: (skein.DigestEntry.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Entries. */
        type $Shape = skein.Entries.$Properties;
    }

    /**
     * Properties of a DigestEntry.
     * @deprecated Use skein.DigestEntry.$Properties instead.
     */
    interface IDigestEntry extends skein.DigestEntry.$Properties {
    }

    /** Represents a DigestEntry. */
    class DigestEntry {

        /**
         * Constructs a new DigestEntry.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.DigestEntry.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DigestEntry peer. */
        peer: string;

        /** DigestEntry incarnation. */
        incarnation: number;

        /** DigestEntry version. */
        version: number;

        /** DigestEntry status. */
        status: number;

        /**
         * Encodes the specified DigestEntry message. Does not implicitly {@link skein.DigestEntry.verify|verify} messages.
         * @param message DigestEntry message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.DigestEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DigestEntry message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.DigestEntry & skein.DigestEntry.$Shape} DigestEntry
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.DigestEntry & skein.DigestEntry.$Shape;

        /**
         * Gets the type url for DigestEntry
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace DigestEntry {

        /** Properties of a DigestEntry. */
        interface $Properties {

            /** DigestEntry peer */
            peer?: (string|null);

            /** DigestEntry incarnation */
            incarnation?: (number|null);

            /** DigestEntry version */
            version?: (number|null);

            /** DigestEntry status */
            status?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DigestEntry. */
        type $Shape = skein.DigestEntry.$Properties;
    }

    /**
     * Properties of a Delta.
     * @deprecated Use skein.Delta.$Properties instead.
     */
    interface IDelta extends skein.Delta.$Properties {
    }

    /** Represents a Delta. */
    class Delta {

        /**
         * Constructs a new Delta.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Delta.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Delta wanted. */
        wanted: string[];

        /**
         * Encodes the specified Delta message. Does not implicitly {@link skein.Delta.verify|verify} messages.
         * @param message Delta message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Delta.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Delta message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Delta & skein.Delta.$Shape} Delta
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Delta & skein.Delta.$Shape;

        /**
         * Gets the type url for Delta
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Delta {

        /** Properties of a Delta. */
        interface $Properties {

            /** Delta wanted */
            wanted?: (string[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Delta. */
        type $Shape = skein.Delta.$Properties;
    }

    /**
     * Properties of an Accusation.
     * @deprecated Use skein.Accusation.$Properties instead.
     */
    interface IAccusation extends skein.Accusation.$Properties {
    }

    /** Represents an Accusation. */
    class Accusation {

        /**
         * Constructs a new Accusation.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Accusation.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Accusation peer. */
        peer: string;

        /** Accusation incarnation. */
        incarnation: number;

        /** Accusation isDead. */
        isDead: boolean;

        /** Accusation accuser. */
        accuser: string;

        /**
         * Encodes the specified Accusation message. Does not implicitly {@link skein.Accusation.verify|verify} messages.
         * @param message Accusation message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Accusation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Accusation message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Accusation & skein.Accusation.$Shape} Accusation
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Accusation & skein.Accusation.$Shape;

        /**
         * Gets the type url for Accusation
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Accusation {

        /** Properties of an Accusation. */
        interface $Properties {

            /** Accusation peer */
            peer?: (string|null);

            /** Accusation incarnation */
            incarnation?: (number|null);

            /** Accusation isDead */
            isDead?: (boolean|null);

            /** Accusation accuser */
            accuser?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Accusation. */
        type $Shape = skein.Accusation.$Properties;
    }

    /**
     * Properties of a PeerFacts.
     * @deprecated Use skein.PeerFacts.$Properties instead.
     */
    interface IPeerFacts extends skein.PeerFacts.$Properties {
    }

    /** Represents a PeerFacts. */
    class PeerFacts {

        /**
         * Constructs a new PeerFacts.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.PeerFacts.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PeerFacts version. */
        version: string;

        /** PeerFacts name. */
        name: string;

        /** PeerFacts zone. */
        zone: string;

        /** PeerFacts labels. */
        labels: { [k: string]: string };

        /** PeerFacts addresses. */
        addresses: string[];

        /** PeerFacts models. */
        models: skein.ModelFacts.$Properties[];

        /**
         * Encodes the specified PeerFacts message. Does not implicitly {@link skein.PeerFacts.verify|verify} messages.
         * @param message PeerFacts message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.PeerFacts.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PeerFacts message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.PeerFacts & skein.PeerFacts.$Shape} PeerFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.PeerFacts & skein.PeerFacts.$Shape;

        /**
         * Gets the type url for PeerFacts
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace PeerFacts {

        /** Properties of a PeerFacts. */
        interface $Properties {

            /** PeerFacts version */
            version?: (string|null);

            /** PeerFacts name */
            name?: (string|null);

            /** PeerFacts zone */
            zone?: (string|null);

            /** PeerFacts labels */
            labels?: ({ [k: string]: string }|null);

            /** PeerFacts addresses */
            addresses?: (string[]|null);

            /** PeerFacts models */
            models?: (skein.ModelFacts.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PeerFacts. */
        type $Shape = skein.PeerFacts.$Properties;
    }

    /**
     * Properties of a ModelFacts.
     * @deprecated Use skein.ModelFacts.$Properties instead.
     */
    interface IModelFacts extends skein.ModelFacts.$Properties {
    }

    /** Represents a ModelFacts. */
    class ModelFacts {

        /**
         * Constructs a new ModelFacts.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ModelFacts.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ModelFacts id. */
        id: string;

        /** ModelFacts engine. */
        engine: string;

        /** ModelFacts ownedBy. */
        ownedBy: string;

        /** ModelFacts capabilities. */
        capabilities: string[];

        /** ModelFacts contextTokens. */
        contextTokens: number;

        /** ModelFacts parallelMax. */
        parallelMax: number;

        /** ModelFacts digest. */
        digest?: (string|null);

        /** ModelFacts quantization. */
        quantization?: (string|null);

        /** ModelFacts caution. */
        caution?: (string|null);

        /** ModelFacts gpus. */
        gpus: string[];

        /** ModelFacts price. */
        price?: (skein.TokenPrice.$Properties|null);

        /** ModelFacts weightsBytes. */
        weightsBytes?: (number|null);

        /** ModelFacts tokenDensity. */
        tokenDensity?: (skein.TokenDensity.$Properties|null);

        /**
         * Encodes the specified ModelFacts message. Does not implicitly {@link skein.ModelFacts.verify|verify} messages.
         * @param message ModelFacts message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ModelFacts.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ModelFacts message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ModelFacts & skein.ModelFacts.$Shape} ModelFacts
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ModelFacts & skein.ModelFacts.$Shape;

        /**
         * Gets the type url for ModelFacts
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ModelFacts {

        /** Properties of a ModelFacts. */
        interface $Properties {

            /** ModelFacts id */
            id?: (string|null);

            /** ModelFacts engine */
            engine?: (string|null);

            /** ModelFacts ownedBy */
            ownedBy?: (string|null);

            /** ModelFacts capabilities */
            capabilities?: (string[]|null);

            /** ModelFacts contextTokens */
            contextTokens?: (number|null);

            /** ModelFacts parallelMax */
            parallelMax?: (number|null);

            /** ModelFacts digest */
            digest?: (string|null);

            /** ModelFacts quantization */
            quantization?: (string|null);

            /** ModelFacts caution */
            caution?: (string|null);

            /** ModelFacts gpus */
            gpus?: (string[]|null);

            /** ModelFacts price */
            price?: (skein.TokenPrice.$Properties|null);

            /** ModelFacts weightsBytes */
            weightsBytes?: (number|null);

            /** ModelFacts tokenDensity */
            tokenDensity?: (skein.TokenDensity.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ModelFacts. */
        type $Shape = skein.ModelFacts.$Properties;
    }

    /**
     * Properties of a TokenDensity.
     * @deprecated Use skein.TokenDensity.$Properties instead.
     */
    interface ITokenDensity extends skein.TokenDensity.$Properties {
    }

    /** Represents a TokenDensity. */
    class TokenDensity {

        /**
         * Constructs a new TokenDensity.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.TokenDensity.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TokenDensity asciiTokensPerByte. */
        asciiTokensPerByte: number;

        /** TokenDensity wideTokensPerByte. */
        wideTokensPerByte: number;

        /**
         * Encodes the specified TokenDensity message. Does not implicitly {@link skein.TokenDensity.verify|verify} messages.
         * @param message TokenDensity message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.TokenDensity.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TokenDensity message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.TokenDensity & skein.TokenDensity.$Shape} TokenDensity
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.TokenDensity & skein.TokenDensity.$Shape;

        /**
         * Gets the type url for TokenDensity
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace TokenDensity {

        /** Properties of a TokenDensity. */
        interface $Properties {

            /** TokenDensity asciiTokensPerByte */
            asciiTokensPerByte?: (number|null);

            /** TokenDensity wideTokensPerByte */
            wideTokensPerByte?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TokenDensity. */
        type $Shape = skein.TokenDensity.$Properties;
    }

    /**
     * Properties of a TokenPrice.
     * @deprecated Use skein.TokenPrice.$Properties instead.
     */
    interface ITokenPrice extends skein.TokenPrice.$Properties {
    }

    /** Represents a TokenPrice. */
    class TokenPrice {

        /**
         * Constructs a new TokenPrice.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.TokenPrice.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** TokenPrice inputPerMillion. */
        inputPerMillion: number;

        /** TokenPrice outputPerMillion. */
        outputPerMillion: number;

        /**
         * Encodes the specified TokenPrice message. Does not implicitly {@link skein.TokenPrice.verify|verify} messages.
         * @param message TokenPrice message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.TokenPrice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a TokenPrice message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.TokenPrice & skein.TokenPrice.$Shape} TokenPrice
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.TokenPrice & skein.TokenPrice.$Shape;

        /**
         * Gets the type url for TokenPrice
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace TokenPrice {

        /** Properties of a TokenPrice. */
        interface $Properties {

            /** TokenPrice inputPerMillion */
            inputPerMillion?: (number|null);

            /** TokenPrice outputPerMillion */
            outputPerMillion?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a TokenPrice. */
        type $Shape = skein.TokenPrice.$Properties;
    }

    /**
     * Properties of an Unready.
     * @deprecated Use skein.Unready.$Properties instead.
     */
    interface IUnready extends skein.Unready.$Properties {
    }

    /** Represents an Unready. */
    class Unready {

        /**
         * Constructs a new Unready.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Unready.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Unready state. */
        state: string;

        /** Unready progressRatio. */
        progressRatio?: (number|null);

        /** Unready readyInMs. */
        readyInMs?: (number|null);

        /**
         * Encodes the specified Unready message. Does not implicitly {@link skein.Unready.verify|verify} messages.
         * @param message Unready message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Unready.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Unready message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Unready & skein.Unready.$Shape} Unready
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Unready & skein.Unready.$Shape;

        /**
         * Gets the type url for Unready
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Unready {

        /** Properties of an Unready. */
        interface $Properties {

            /** Unready state */
            state?: (string|null);

            /** Unready progressRatio */
            progressRatio?: (number|null);

            /** Unready readyInMs */
            readyInMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Unready. */
        type $Shape = skein.Unready.$Properties;
    }

    /**
     * Properties of a PeerLoad.
     * @deprecated Use skein.PeerLoad.$Properties instead.
     */
    interface IPeerLoad extends skein.PeerLoad.$Properties {
    }

    /** Represents a PeerLoad. */
    class PeerLoad {

        /**
         * Constructs a new PeerLoad.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.PeerLoad.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PeerLoad models. */
        models: skein.ModelLoad.$Properties[];

        /** PeerLoad gpus. */
        gpus: skein.GpuLoad.$Properties[];

        /** PeerLoad isDraining. */
        isDraining: boolean;

        /**
         * Encodes the specified PeerLoad message. Does not implicitly {@link skein.PeerLoad.verify|verify} messages.
         * @param message PeerLoad message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.PeerLoad.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PeerLoad message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.PeerLoad & skein.PeerLoad.$Shape} PeerLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.PeerLoad & skein.PeerLoad.$Shape;

        /**
         * Gets the type url for PeerLoad
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace PeerLoad {

        /** Properties of a PeerLoad. */
        interface $Properties {

            /** PeerLoad models */
            models?: (skein.ModelLoad.$Properties[]|null);

            /** PeerLoad gpus */
            gpus?: (skein.GpuLoad.$Properties[]|null);

            /** PeerLoad isDraining */
            isDraining?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PeerLoad. */
        type $Shape = skein.PeerLoad.$Properties;
    }

    /**
     * Properties of a ModelLoad.
     * @deprecated Use skein.ModelLoad.$Properties instead.
     */
    interface IModelLoad extends skein.ModelLoad.$Properties {
    }

    /** Represents a ModelLoad. */
    class ModelLoad {

        /**
         * Constructs a new ModelLoad.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.ModelLoad.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ModelLoad model. */
        model: string;

        /** ModelLoad queuedCount. */
        queuedCount: number;

        /** ModelLoad runningCount. */
        runningCount: number;

        /** ModelLoad prefillTokensLeft. */
        prefillTokensLeft: number;

        /** ModelLoad decodeTokensLeft. */
        decodeTokensLeft: number;

        /** ModelLoad prefillTokensPerSecond. */
        prefillTokensPerSecond: number;

        /** ModelLoad decodeTokensPerSecond. */
        decodeTokensPerSecond: number;

        /** ModelLoad kvUsedRatio. */
        kvUsedRatio?: (number|null);

        /** ModelLoad batchFillRatio. */
        batchFillRatio?: (number|null);

        /** ModelLoad prefixHitRatio. */
        prefixHitRatio?: (number|null);

        /** ModelLoad latencyP95Ms. */
        latencyP95Ms?: (number|null);

        /** ModelLoad unready. */
        unready?: (skein.Unready.$Properties|null);

        /** ModelLoad hotPrefixes. */
        hotPrefixes: number[];

        /** ModelLoad metricsAgeMs. */
        metricsAgeMs?: (number|null);

        /**
         * Encodes the specified ModelLoad message. Does not implicitly {@link skein.ModelLoad.verify|verify} messages.
         * @param message ModelLoad message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.ModelLoad.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ModelLoad message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.ModelLoad & skein.ModelLoad.$Shape} ModelLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.ModelLoad & skein.ModelLoad.$Shape;

        /**
         * Gets the type url for ModelLoad
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ModelLoad {

        /** Properties of a ModelLoad. */
        interface $Properties {

            /** ModelLoad model */
            model?: (string|null);

            /** ModelLoad queuedCount */
            queuedCount?: (number|null);

            /** ModelLoad runningCount */
            runningCount?: (number|null);

            /** ModelLoad prefillTokensLeft */
            prefillTokensLeft?: (number|null);

            /** ModelLoad decodeTokensLeft */
            decodeTokensLeft?: (number|null);

            /** ModelLoad prefillTokensPerSecond */
            prefillTokensPerSecond?: (number|null);

            /** ModelLoad decodeTokensPerSecond */
            decodeTokensPerSecond?: (number|null);

            /** ModelLoad kvUsedRatio */
            kvUsedRatio?: (number|null);

            /** ModelLoad batchFillRatio */
            batchFillRatio?: (number|null);

            /** ModelLoad prefixHitRatio */
            prefixHitRatio?: (number|null);

            /** ModelLoad latencyP95Ms */
            latencyP95Ms?: (number|null);

            /** ModelLoad unready */
            unready?: (skein.Unready.$Properties|null);

            /** ModelLoad hotPrefixes */
            hotPrefixes?: (number[]|null);

            /** ModelLoad metricsAgeMs */
            metricsAgeMs?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ModelLoad. */
        type $Shape = skein.ModelLoad.$Properties;
    }

    /**
     * Properties of a GpuLoad.
     * @deprecated Use skein.GpuLoad.$Properties instead.
     */
    interface IGpuLoad extends skein.GpuLoad.$Properties {
    }

    /** Represents a GpuLoad. */
    class GpuLoad {

        /**
         * Constructs a new GpuLoad.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.GpuLoad.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** GpuLoad name. */
        name: string;

        /** GpuLoad vramTotalBytes. */
        vramTotalBytes: number;

        /** GpuLoad vramUsedBytes. */
        vramUsedBytes: number;

        /** GpuLoad utilizationRatio. */
        utilizationRatio: number;

        /** GpuLoad isThrottled. */
        isThrottled: boolean;

        /** GpuLoad isFaulty. */
        isFaulty: boolean;

        /** GpuLoad uuid. */
        uuid?: (string|null);

        /** GpuLoad faults. */
        faults: string[];

        /** GpuLoad memoryUtilizationRatio. */
        memoryUtilizationRatio?: (number|null);

        /** GpuLoad temperatureCelsius. */
        temperatureCelsius?: (number|null);

        /** GpuLoad powerWatts. */
        powerWatts?: (number|null);

        /**
         * Encodes the specified GpuLoad message. Does not implicitly {@link skein.GpuLoad.verify|verify} messages.
         * @param message GpuLoad message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.GpuLoad.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a GpuLoad message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.GpuLoad & skein.GpuLoad.$Shape} GpuLoad
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.GpuLoad & skein.GpuLoad.$Shape;

        /**
         * Gets the type url for GpuLoad
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace GpuLoad {

        /** Properties of a GpuLoad. */
        interface $Properties {

            /** GpuLoad name */
            name?: (string|null);

            /** GpuLoad vramTotalBytes */
            vramTotalBytes?: (number|null);

            /** GpuLoad vramUsedBytes */
            vramUsedBytes?: (number|null);

            /** GpuLoad utilizationRatio */
            utilizationRatio?: (number|null);

            /** GpuLoad isThrottled */
            isThrottled?: (boolean|null);

            /** GpuLoad isFaulty */
            isFaulty?: (boolean|null);

            /** GpuLoad uuid */
            uuid?: (string|null);

            /** GpuLoad faults */
            faults?: (string[]|null);

            /** GpuLoad memoryUtilizationRatio */
            memoryUtilizationRatio?: (number|null);

            /** GpuLoad temperatureCelsius */
            temperatureCelsius?: (number|null);

            /** GpuLoad powerWatts */
            powerWatts?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a GpuLoad. */
        type $Shape = skein.GpuLoad.$Properties;
    }

    /**
     * Properties of a PeerClaim.
     * @deprecated Use skein.PeerClaim.$Properties instead.
     */
    interface IPeerClaim extends skein.PeerClaim.$Properties {
    }

    /** Represents a PeerClaim. */
    class PeerClaim {

        /**
         * Constructs a new PeerClaim.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.PeerClaim.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PeerClaim peer. */
        peer: string;

        /** PeerClaim incarnation. */
        incarnation: number;

        /** PeerClaim version. */
        version: number;

        /** PeerClaim facts. */
        facts?: (skein.PeerFacts.$Properties|null);

        /** PeerClaim factsVersion. */
        factsVersion: number;

        /** PeerClaim load. */
        load?: (skein.PeerLoad.$Properties|null);

        /** PeerClaim isLeaving. */
        isLeaving: boolean;

        /** PeerClaim coordinate. */
        coordinate?: (skein.Coordinate.$Properties|null);

        /**
         * Encodes the specified PeerClaim message. Does not implicitly {@link skein.PeerClaim.verify|verify} messages.
         * @param message PeerClaim message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.PeerClaim.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PeerClaim message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.PeerClaim & skein.PeerClaim.$Shape} PeerClaim
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.PeerClaim & skein.PeerClaim.$Shape;

        /**
         * Gets the type url for PeerClaim
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace PeerClaim {

        /** Properties of a PeerClaim. */
        interface $Properties {

            /** PeerClaim peer */
            peer?: (string|null);

            /** PeerClaim incarnation */
            incarnation?: (number|null);

            /** PeerClaim version */
            version?: (number|null);

            /** PeerClaim facts */
            facts?: (skein.PeerFacts.$Properties|null);

            /** PeerClaim factsVersion */
            factsVersion?: (number|null);

            /** PeerClaim load */
            load?: (skein.PeerLoad.$Properties|null);

            /** PeerClaim isLeaving */
            isLeaving?: (boolean|null);

            /** PeerClaim coordinate */
            coordinate?: (skein.Coordinate.$Properties|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PeerClaim. */
        type $Shape = skein.PeerClaim.$Properties;
    }

    /**
     * Properties of a Coordinate.
     * @deprecated Use skein.Coordinate.$Properties instead.
     */
    interface ICoordinate extends skein.Coordinate.$Properties {
    }

    /** Represents a Coordinate. */
    class Coordinate {

        /**
         * Constructs a new Coordinate.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.Coordinate.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Coordinate vector. */
        vector: number[];

        /** Coordinate heightMs. */
        heightMs: number;

        /** Coordinate errorRatio. */
        errorRatio: number;

        /**
         * Encodes the specified Coordinate message. Does not implicitly {@link skein.Coordinate.verify|verify} messages.
         * @param message Coordinate message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.Coordinate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Coordinate message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.Coordinate & skein.Coordinate.$Shape} Coordinate
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.Coordinate & skein.Coordinate.$Shape;

        /**
         * Gets the type url for Coordinate
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace Coordinate {

        /** Properties of a Coordinate. */
        interface $Properties {

            /** Coordinate vector */
            vector?: (number[]|null);

            /** Coordinate heightMs */
            heightMs?: (number|null);

            /** Coordinate errorRatio */
            errorRatio?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Coordinate. */
        type $Shape = skein.Coordinate.$Properties;
    }

    /**
     * Properties of a SignedClaim.
     * @deprecated Use skein.SignedClaim.$Properties instead.
     */
    interface ISignedClaim extends skein.SignedClaim.$Properties {
    }

    /** Represents a SignedClaim. */
    class SignedClaim {

        /**
         * Constructs a new SignedClaim.
         * @param [properties] Properties to set
         */
        constructor(properties?: skein.SignedClaim.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SignedClaim claim. */
        claim: Uint8Array;

        /** SignedClaim signature. */
        signature: Uint8Array;

        /**
         * Encodes the specified SignedClaim message. Does not implicitly {@link skein.SignedClaim.verify|verify} messages.
         * @param message SignedClaim message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: skein.SignedClaim.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SignedClaim message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {skein.SignedClaim & skein.SignedClaim.$Shape} SignedClaim
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): skein.SignedClaim & skein.SignedClaim.$Shape;

        /**
         * Gets the type url for SignedClaim
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SignedClaim {

        /** Properties of a SignedClaim. */
        interface $Properties {

            /** SignedClaim claim */
            claim?: (Uint8Array|null);

            /** SignedClaim signature */
            signature?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SignedClaim. */
        type $Shape = skein.SignedClaim.$Properties;
    }
}
