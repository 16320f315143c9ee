package org.wucme.challenges.internal.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The first message of a TLS client (RFC 8446 section 4.1.2), as far as it can be read before there is an engine. */
final class ClientHello {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int RECORD_VERSION_AND_LENGTH = 4;
    private static final int MESSAGE_LENGTH = 3;
    private static final int VERSION_AND_RANDOM = 34;

    private ClientHello() {}

    /**
     * The server name that the client asks for (RFC 6066 section 3); null if there is none, or if it does not stand in the
     * first record.
     *
     * @param record the first record; its position stays as it is
     */
    static @Nullable String serverName(ByteBuffer record) {
        try {
            ByteBuffer bytes = record.duplicate();
            if (bytes.get() != HANDSHAKE) {
                return null;
            }
            skip(bytes, RECORD_VERSION_AND_LENGTH);
            if (bytes.get() != CLIENT_HELLO) {
                return null;
            }
            skip(bytes, MESSAGE_LENGTH + VERSION_AND_RANDOM);
            skip(bytes, Byte.toUnsignedInt(bytes.get()));
            skip(bytes, Short.toUnsignedInt(bytes.getShort()));
            skip(bytes, Byte.toUnsignedInt(bytes.get()));
            return fromExtensions(slice(bytes, Short.toUnsignedInt(bytes.getShort())));
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static @Nullable String fromExtensions(ByteBuffer extensions) {
        while (extensions.hasRemaining()) {
            int type = Short.toUnsignedInt(extensions.getShort());
            ByteBuffer content = slice(extensions, Short.toUnsignedInt(extensions.getShort()));
            if (type == SERVER_NAME) {
                return fromNames(slice(content, Short.toUnsignedInt(content.getShort())));
            }
        }
        return null;
    }

    private static @Nullable String fromNames(ByteBuffer names) {
        while (names.hasRemaining()) {
            int type = Byte.toUnsignedInt(names.get());
            ByteBuffer name = slice(names, Short.toUnsignedInt(names.getShort()));
            if (type == HOST_NAME) {
                return StandardCharsets.US_ASCII.decode(name).toString();
            }
        }
        return null;
    }

    private static void skip(ByteBuffer bytes, int count) {
        slice(bytes, count);
    }

    private static ByteBuffer slice(ByteBuffer bytes, int count) {
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return slice;
    }
}
