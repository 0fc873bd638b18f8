export type { Client, ClientStatus, WaitOptions } from './client.js';
export { type AuthAction, AuthError, type AuthErrorDetails, isAuthError } from './errors.js';
export type { AuthEvent, AuthEventType } from './events.js';
export type { ProvidedToken } from './flight.js';
export type { Status } from './keeper.js';
export type { ClientOptions, DriverOptions } from './options.js';
export type { WasmSource } from './platform/platform.js';
export type { ConnectionSettings, PlatformId, Secret, SecretSource } from './settings.js';
export type { AccessToken, CredentialHeaders } from './token.js';
