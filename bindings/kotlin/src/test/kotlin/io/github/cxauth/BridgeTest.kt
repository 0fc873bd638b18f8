package io.github.cxauth

import io.github.cxauth.bridge.platforms
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

internal class BridgeTest {
    @Test
    fun `the native library is loaded and called`() {
        assertEquals(listOf("cloudcx", "cisco-cx-cloud", "sangoma-cx", "cloudlx", "generic"), platforms())
    }
}
