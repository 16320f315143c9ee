package org.wucme.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.wucme.testing.ca.CaRequest;
import org.wucme.testing.ca.CaResponse;
import org.wucme.testing.ca.TestCa;

/** Leads an OkHttp client to CAs in process ({@link TestCa#handle}), by their hosts; nothing else is reached. */
public final class InProcessCas implements Interceptor {

    private final Map<String, TestCa> cas;

    private InProcessCas(Map<String, TestCa> cas) {
        this.cas = cas;
    }

    /** A client that knows these CAs only. */
    public static OkHttpClient client(TestCa... cas) {
        Map<String, TestCa> byHost = Arrays.stream(cas)
                .collect(Collectors.toMap(ca -> URI.create(ca.directoryUrl()).getHost(), Function.identity()));
        return new OkHttpClient.Builder()
                .addInterceptor(new InProcessCas(byHost))
                .build();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        TestCa ca = cas.get(request.url().host());
        if (ca == null) {
            throw new ConnectException("No CA in process is " + request.url().host());
        }
        CaResponse response =
                ca.handle(new CaRequest(request.method(), request.url().toString(), headers(request), body(request)));
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_2)
                .code(response.status())
                .message("")
                .headers(headers(response))
                .body(ResponseBody.create(response.body(), null))
                .build();
    }

    /** With the type of the body, which OkHttp would add below this interceptor. */
    private static Map<String, List<String>> headers(Request request) {
        RequestBody body = request.body();
        MediaType type = body == null ? null : body.contentType();
        return type == null
                ? request.headers().toMultimap()
                : request.headers()
                        .newBuilder()
                        .set("Content-Type", type.toString())
                        .build()
                        .toMultimap();
    }

    private static String body(Request request) throws IOException {
        Buffer buffer = new Buffer();
        RequestBody body = request.body();
        if (body != null) {
            body.writeTo(buffer);
        }
        return buffer.readUtf8();
    }

    private static Headers headers(CaResponse response) {
        Headers.Builder headers = new Headers.Builder();
        response.headers().forEach(field -> headers.add(field.getKey(), field.getValue()));
        return headers.build();
    }
}
