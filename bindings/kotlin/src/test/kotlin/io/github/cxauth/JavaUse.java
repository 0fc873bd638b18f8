package io.github.cxauth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The package as a program in Java uses it. */
final class JavaUse {
    private JavaUse() {}

    static CxClient client(String tokenEndpoint, String apiBase, String clientId, String clientSecret) throws CxException {
        CxClientBuilder builder = CxClient.builder();
        builder.setTokenEndpoint(tokenEndpoint);
        builder.setApiBase(apiBase);
        builder.setClientId(clientId);
        builder.setClientSecret(SecretSource.callable(() -> new Secret(clientSecret)));
        builder.setTimeout(Duration.ofSeconds(10));
        return builder.build();
    }

    static List<String> platforms() throws CxException {
        try (CxClient cisco = CxClient.ciscoCxCloud("key", "secret");
                CxClient sangoma = CxClient.sangomaCx("id", SecretSource.environment("S"), List.of("cx.agent-calls"));
                CxClient cloudCx = CxClient.cloudCx("cx.example.net", "id", "user", "password");
                CxClient cloudLx = CxClient.cloudLx("id", "secret");
                CxClient json = CxClient.fromJson("{ \"platform\": \"cisco-cx-cloud\", \"client_id\": \"k\", \"client_secret\": \"s\" }")) {
            return List.of(
                    cisco.getPlatform(), sangoma.getPlatform(), cloudCx.getPlatform(), cloudLx.getPlatform(), json.getPlatform());
        }
    }

    static int okHttp(CxClient cx, String url) throws IOException {
        OkHttpClient http = CxOkHttp.cxAuth(new OkHttpClient.Builder(), cx).build();
        try (Response response = http.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code();
        }
    }

    static int javaHttp(CxClient cx, String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return CxJavaHttp.send(cx, HttpClient.newHttpClient(), request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    static CompletableFuture<Long> future(CxClient cx) {
        return cx.tokenAsync().thenApply(AccessToken::getGeneration);
    }

    static Map<String, String> headers(CxClient cx, String url) throws CxException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        cx.headersBlocking(url).forEach(headers::put);
        return headers;
    }

    static String refused(CxClient cx) throws CxException, InterruptedException {
        AccessToken token = cx.tokenBlocking();
        boolean retry = cx.refused(token, 401);
        return retry + " " + cx.getStatus().getState();
    }

    static boolean changed(CxClient cx) throws CxException, InterruptedException {
        cx.change(settings -> settings.setHosts(List.of("more.example")));
        cx.settleBlocking();
        return cx.allows("https://more.example/");
    }

    /** A store of a program in Java. */
    static final class Kept implements BlockingStore {
        private final Semaphore free = new Semaphore(1);
        private volatile Secret kept;

        @Override
        public boolean lock(Duration timeout) throws InterruptedException {
            return free.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public Secret load() {
            return kept;
        }

        @Override
        public void save(Secret snapshot, long generation) throws IOException {
            if (generation < 1) {
                throw new IOException("generations start at 1");
            }
            kept = snapshot;
        }

        @Override
        public void unlock() {
            free.release();
        }

        @Override
        public void putAside() throws DamagedStoreException {
            throw new DamagedStoreException("there is no other place");
        }
    }

    static String storing(String connection, CxClock clock, BlockingStore store) throws CxException, InterruptedException {
        CxClient cx =
                CxClient.fromJson(
                        connection,
                        builder -> {
                            builder.setClock(clock);
                            builder.setLockPatience(Duration.ofSeconds(5));
                            builder.store(store);
                            return kotlin.Unit.INSTANCE;
                        });
        try (cx) {
            return cx.tokenBlocking().reveal();
        }
    }

    static String error(CxClient cx) {
        try {
            cx.headersBlocking("https://elsewhere.example/");
            return "nothing";
        } catch (CxException e) {
            return e.getAction() == CxAction.FIX_CONFIGURATION ? e.getCode() : "another action";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
