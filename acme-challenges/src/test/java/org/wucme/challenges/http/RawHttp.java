package org.wucme.challenges.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Sends bytes as they are and reads until the server closes. */
record RawHttp(String text) {

    static RawHttp send(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        }
    }

    static RawHttp get(int port, String host, String target) throws IOException {
        return send(port, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    static RawHttp read(Socket socket) throws IOException {
        return new RawHttp(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    int status() {
        return Integer.parseInt(text.split(" ", 3)[1]);
    }

    String header(String name) {
        return Arrays.stream(text.split("\r\n\r\n", 2)[0].split("\r\n"))
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    String body() {
        return text.split("\r\n\r\n", 2)[1];
    }
}
