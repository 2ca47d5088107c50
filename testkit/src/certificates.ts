export { type Certificate, makeCertificate } from '../../scripts/lib/throwaway-certificate.mjs';
