package org.wucme.testing.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** A UDP and a TCP socket at the same port of one address. */
final class DnsSockets implements AutoCloseable {
    private static final int MAX_MESSAGE = 65_535;
    private static final int IDLE_MILLIS = 30_000;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final InetSocketAddress address;
    private final Answerer answerer;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Makes the answer to a message; null for none. */
    interface Answerer {
        byte @Nullable [] answer(byte[] query, boolean tcp, InetSocketAddress address)
                throws IOException, InterruptedException;
    }

    /** Binds both sockets; a port of 0 is any that is free for both. */
    DnsSockets(InetAddress host, int port, Answerer answerer, ExecutorService threads) throws IOException {
        this.answerer = answerer;
        this.threads = threads;
        tcp = new ServerSocket(port, 50, host);
        address = new InetSocketAddress(host, tcp.getLocalPort());
        try {
            udp = new DatagramSocket(address);
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    void serve() {
        threads.execute(this::receive);
        threads.execute(this::accept);
    }

    private void receive() {
        byte[] buffer = new byte[MAX_MESSAGE];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
                threads.execute(() -> reply(query, client));
            }
        } catch (IOException closed) {
            // Closing the socket is how this loop ends.
        }
    }

    private void reply(byte[] query, InetSocketAddress client) {
        try {
            byte[] answer = answerer.answer(query, false, address);
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, client));
            }
        } catch (IOException malformedOrClosed) {
            // As over any network: the client hears nothing.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = tcp.accept();
                open.add(client);
                threads.execute(() -> converse(client));
            }
        } catch (IOException closed) {
            // Closing the socket is how this loop ends.
        }
    }

    private void converse(Socket client) {
        try (client) {
            client.setSoTimeout(IDLE_MILLIS);
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (exchange(in, out)) {
                out.flush();
            }
        } catch (IOException clientHasGone) {
            // A client closes when it has its answers.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private boolean exchange(DataInputStream in, DataOutputStream out) throws IOException, InterruptedException {
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        byte[] answer = answerer.answer(query, true, address);
        if (answer == null) {
            return false;
        }
        byte[] framed = new byte[answer.length + 2];
        framed[0] = (byte) (answer.length >> 8);
        framed[1] = (byte) answer.length;
        System.arraycopy(answer, 0, framed, 2, answer.length);
        out.write(framed);
        return true;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
