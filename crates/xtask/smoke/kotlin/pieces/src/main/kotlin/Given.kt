// What the pieces of the documentation take as given: nothing of it runs.

package given

import io.github.cxauth.CxClient
import io.github.cxauth.CxEvent
import kotlinx.coroutines.CoroutineScope
import okhttp3.OkHttpClient
import java.time.Instant

interface Given {
    val cx: CxClient
    val connection: String
    val scope: CoroutineScope
    val vault: Vault
    val backend: Backend
    val okHttpClientWithMyProxyAndPins: OkHttpClient
    val httpClientWithMyTrustStore: java.net.http.HttpClient

    fun showLogin()

    fun warn(end: Instant?)

    fun log(event: CxEvent)
}

interface Vault {
    fun read(name: String): String
}

interface Backend {
    suspend fun freshToken(): String
}

class User
