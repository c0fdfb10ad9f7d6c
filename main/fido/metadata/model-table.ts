// Models a desk knows without metadata, by AAGUID: what to call a key, and nothing to trust it by. Where the desk has the
// FIDO metadata its own words win. One AAGUID often stands for several shapes of a model, so names leave the plug out.
//
// Public lists of AAGUIDs contradict each other; each group here says where its rows were read, and when that was published.
// Names are shortened to what stands on the box: profiles and protocol versions are left out.

/** Where something public was read. */
export interface Provenance {
  readonly title: string;
  readonly address: string;
  /** Day the page gives for itself, or on which the source was read. */
  readonly dated: string;
}

export interface TabledModel {
  readonly aaguid: string;
  readonly maker: string;
  readonly name: string;
  /** As getInfo writes them: `usb`, `nfc`, `ble`. */
  readonly transports: readonly string[];
  readonly source: Provenance;
}

type Row = readonly [aaguid: string, name: string, transports: string];

/** "FIDO2 security keys eligible for attestation with Microsoft Entra ID", made from version 285 of the FIDO metadata. */
const entraList: Provenance = {
  title: 'Microsoft Entra ID attestation for passkey (FIDO2) vendors',
  address: 'https://learn.microsoft.com/entra/identity/authentication/concept-fido2-hardware-vendor',
  dated: '2026-10-06',
};

const canokeySource: Provenance = {
  title: 'canokey-core, applets/ctap/ctap.c',
  address: 'https://github.com/canokeys/canokey-core',
  dated: '2026-11-22',
};

const U = 'usb';
const N = 'usb nfc';

const yubico: readonly Row[] = [
  ['19083c3d-8383-4b18-bc03-8f1c9ab2fd1b', 'YubiKey 5', U],
  ['cb69481e-8ff7-4039-93ec-0a2729a154a8', 'YubiKey 5', U],
  ['ee882879-721c-4913-9775-3dfcce97072a', 'YubiKey 5', U],
  ['ff4dac45-ede8-4ec2-aced-cf66103f4335', 'YubiKey 5', U],
  ['0a357157-9b18-4c8a-920e-d156e972b2f8', 'YubiKey 5', U],
  ['20ac7a17-c814-4833-93fe-539f0d5e3389', 'YubiKey 5', U],
  ['4599062e-6926-4fe7-9566-9e8fb1aedaa0', 'YubiKey 5', U],
  ['524de2de-982f-49b4-a769-2b5e3b73ad79', 'YubiKey 5', U],
  ['2fc0579f-8113-47ea-b116-bb5a8db9202a', 'YubiKey 5 NFC', N],
  ['a25342c0-3cdc-4414-8e46-f4807fca511c', 'YubiKey 5 NFC', N],
  ['d7781e5d-e353-46aa-afe2-3ca49f13332a', 'YubiKey 5 NFC', N],
  ['fa2b99dc-9e39-4257-8f92-4a30d23c4118', 'YubiKey 5 NFC', N],
  ['f4ce5fc0-57d3-46f5-a736-efb7d5bc63b5', 'YubiKey 5 NFC', N],
  ['7dab85a5-d16d-4eaf-a7ef-4c1385b151c5', 'YubiKey 5 NFC', N],
  ['1ac71f64-468d-4fe0-bef1-0e5f2f551f18', 'YubiKey 5 NFC', N],
  ['41e39911-c669-4811-b860-c6ad0b411b96', 'YubiKey 5 NFC', N],
  ['6ab56fad-881f-4a43-acb2-0be065924522', 'YubiKey 5 NFC', N],
  ['9eb7eabc-9db5-49a1-b6c3-555a802093f4', 'YubiKey 5 NFC', N],
  ['662ef48a-95e2-4aaa-a6c1-5b9c40375824', 'YubiKey 5 NFC Enhanced PIN', N],
  ['b2c1a50b-dad8-4dc7-ba4d-0ce9597904bc', 'YubiKey 5 NFC Enhanced PIN', N],
  ['0ebd9f2c-f685-441c-8c3e-a02a234a840a', 'YubiKey 5 NFC Enhanced PIN', N],
  ['9a3f2abd-a73d-439c-9ee7-1b53a857eaa7', 'YubiKey 5 NFC Enhanced PIN', N],
  ['24673149-6c86-42e7-98d9-433fb5b73296', 'YubiKey 5Ci', U],
  ['a02167b9-ae71-4ac7-9a07-06432ebb6f1c', 'YubiKey 5Ci', U],
  ['c5ef55ff-ad9a-4b9f-b580-adebafe026d0', 'YubiKey 5Ci', U],
  ['03012cb7-4fb2-42e7-9e8d-a81f10e2a5e9', 'YubiKey 5Ci', U],
  ['3b24bf49-1d45-4484-a917-13175df0867b', 'YubiKey 5Ci', U],
  ['b90e7dc1-316e-4fee-a25a-56a666a670fe', 'YubiKey 5Ci', U],
  ['c3479970-e58a-4f70-836f-853bf42fb063', 'YubiKey 5Ci', U],
  ['3aa78eb1-ddd8-46a8-a821-8f8ec57a7bd5', 'YubiKey 5 CCN NFC', N],
  ['eb7ef748-cbe0-4b40-b8f6-07bd2d592d35', 'YubiKey 5 CCN NFC', N],
  ['3ec9c8d3-a5a7-415b-a7b5-f1d606368d3f', 'YubiKey 5 CCN NFC', N],
  ['4fc84f16-2545-4e53-b8fc-7bf4d7282a10', 'YubiKey 5 CCN NFC', N],
  ['57f7de54-c807-4eab-b1c6-1c9be7984e92', 'YubiKey 5 FIPS', U],
  ['73bb0cd4-e502-49b8-9c6f-b59445bf720b', 'YubiKey 5 FIPS', U],
  ['905b4cb4-ed6f-4da9-92fc-45e0d4e9b5c7', 'YubiKey 5 FIPS', U],
  ['c1f9a0bc-1dd2-404a-b27f-8e29047a43fd', 'YubiKey 5 NFC FIPS', N],
  ['fcc0118f-cd45-435b-8da1-9782b2da0715', 'YubiKey 5 NFC FIPS', N],
  ['79f3c8ba-9e35-484b-8f47-53a5a0f5c630', 'YubiKey 5 NFC FIPS', N],
  ['7b96457d-e3cd-432b-9ceb-c9fdd7ef7432', 'YubiKey 5Ci FIPS', U],
  ['85203421-48f9-4355-9bc8-8a53846e5083', 'YubiKey 5Ci FIPS', U],
  ['3a662962-c6d4-4023-bebb-98ae92e78e20', 'YubiKey 5Ci FIPS', U],
  ['7409272d-1ff9-4e10-9fc9-ac0019c124fd', 'YubiKey Bio FIDO', U],
  ['d8522d9f-575b-4866-88a9-ba99fa02f35b', 'YubiKey Bio FIDO', U],
  ['dd86a2da-86a0-4cbe-b462-4bd31f57bc6f', 'YubiKey Bio FIDO', U],
  ['83c47309-aabb-4108-8470-8be838b573cb', 'YubiKey Bio FIDO', U],
  ['8c39ee86-7f9a-4a95-9ba3-f6b097e5c2ee', 'YubiKey Bio FIDO', U],
  ['ad08c78a-4e41-49b9-86a2-ac15b06899e2', 'YubiKey Bio FIDO', U],
  ['9dd8d593-2213-438a-97f8-d6b813d51c27', 'YubiKey Bio FIDO', U],
  ['add92433-0d69-4026-8166-29b25bce64e9', 'YubiKey Bio FIDO', U],
  ['34744913-4f57-4e6e-a527-e9ec3c4b94e6', 'YubiKey Bio Multi-protocol', U],
  ['7d1351a6-e097-4852-b8bf-c9ac5c9ce4a3', 'YubiKey Bio Multi-protocol', U],
  ['90636e1f-ef82-43bf-bdcf-5255f139d12f', 'YubiKey Bio Multi-protocol', U],
  ['6ec5cff2-a0f9-4169-945b-f33b563f7b99', 'YubiKey Bio Multi-protocol', U],
  ['97e6a830-c952-4740-95fc-7c78dc97ce47', 'YubiKey Bio Multi-protocol', U],
  ['58276709-bb4b-4bb3-baf1-60eea99282a7', 'YubiKey Bio Multi-protocol', U],
  ['ba0a9266-40d8-4048-9786-d710b5474752', 'YubiKey Bio Multi-protocol', U],
  ['9806a2c8-c0da-478e-b4ca-620005d34182', 'YubiKey Bio Multi-protocol', U],
  ['dc5e949d-f939-43b3-9877-a85c7186b753', 'YubiKey Bio Multi-protocol', U],
  ['b92c3f9a-c014-4056-887f-140a2501163b', 'Security Key by Yubico', U],
  ['f8a011f3-8c0a-4d15-8006-17111f9edc7d', 'Security Key by Yubico', U],
  ['149a2021-8ef6-4133-96b8-81f8d5b7f1f5', 'Security Key NFC by Yubico', N],
  ['6d44ba9b-f6ec-2e49-b930-0c8fe920cb73', 'Security Key NFC by Yubico', N],
  ['a4e9fc6d-4cbe-4758-b8ba-37598bb5bbaa', 'Security Key NFC by Yubico', N],
  ['b7d3f68e-88a6-471e-9ecf-2df26d041ede', 'Security Key NFC by Yubico', N],
  ['e77e3c64-05e3-428b-8824-0cbeb04b829d', 'Security Key NFC by Yubico', N],
  ['0bb43545-fd2c-4185-87dd-feb0b2916ace', 'Security Key NFC by Yubico', N],
  ['47ab2fb4-66ac-4184-9ae1-86be814012d5', 'Security Key NFC by Yubico', N],
  ['ed042a3a-4b22-4455-bb69-a267b652ae7e', 'Security Key NFC by Yubico', N],
  ['72c6b72d-8512-4c66-8359-9d3d10d9222f', 'Security Key NFC by Yubico', N],
  ['9ff4cc65-6154-4fff-ba09-9e2af7882ad2', 'Security Key NFC by Yubico', N],
];

const feitian: readonly Row[] = [
  ['12ded745-4bed-47d4-abaa-e713f51d6393', 'Feitian AllinOne', 'usb nfc ble'],
  ['77010bd7-212a-4fc9-b236-d2ca5e9d4084', 'Feitian BioPass', U],
  ['a02140b7-0cbd-42e1-a9b5-a39da2545114', 'Feitian BioPass Plus', U],
  ['42df17de-06ba-4177-a2bb-6701be1380d6', 'Feitian BioPass Plus', U],
  ['b6ede29c-3772-412c-8a78-539c1f4c62d2', 'Feitian BioPass Plus', U],
  ['2bff89f2-323a-48fc-b7c8-9ff7fe87c07e', 'Feitian BioPass Pro', U],
  ['4c0cf95d-2f40-43b5-ba42-4c83a11c04ba', 'Feitian BioPass Pro', U],
  ['12755c32-8ad1-46eb-881c-e0b38d848b09', 'Feitian ePass FIDO', U],
  ['833b721a-ff5f-4d00-bb2e-bdda3ec01e29', 'Feitian ePass FIDO', U],
  ['39589099-9a75-49fc-afaa-801ca211c62a', 'Feitian ePass FIDO NFC', N],
  ['78ba3993-d784-4f44-8d6e-cc0a8ad5230e', 'Feitian ePass FIDO NFC', N],
  ['ee041bce-25e5-4cdb-8f86-897fd6418464', 'Feitian ePass FIDO NFC', N],
  ['234cd403-35a2-4cc2-8015-77ea280c77f5', 'Feitian ePass FIDO NFC', N],
  ['3e22415d-7fdf-4ea4-8a0c-dd60c4249b9d', 'Feitian iePass FIDO', U],
];

const excelsecu: readonly Row[] = [
  ['6002f033-3c07-ce3e-d0f7-0ffe5ed42543', 'eSecu Fingerprint', U],
  ['20f0be98-9af9-986a-4b42-8eca4acb28e4', 'eSecu Fingerprint', U],
  ['d384db22-4d50-ebde-2eac-5765cf1e2a44', 'eSecu Fingerprint', U],
  ['a3975549-b191-fd67-b8fb-017e2917fdb3', 'eSecu NFC', N],
  ['fbefdf68-fe86-0106-213e-4d5fa24cbe2e', 'eSecu NFC', N],
  ['0d9b2e56-566b-c393-2940-f821b7f15d6d', 'eSecu Pro', 'usb nfc ble'],
  ['bbf4b6a7-679d-f6fc-c4f2-8ac0ddf9015a', 'eSecu Pro', 'usb nfc ble'],
  ['cdbdaea2-c415-5073-50f7-c04e968640b6', 'eSecu', U],
];

const thales: readonly Row[] = [
  ['efb96b10-a9ee-4b6c-a4a9-d32125ccd4a4', 'SafeNet eToken FIDO', U],
  ['74820b05-a6c9-40f9-8fb0-9f86aca93998', 'SafeNet eToken Fusion', U],
  ['23786452-f02d-4344-87ed-aaf703726881', 'SafeNet eToken Fusion CC', U],
  ['050dd0bc-ff20-4265-8d5d-305c4b215192', 'SafeNet eToken Fusion FIPS', U],
  ['d716019a-9f4e-4041-9750-17c78f8ae81a', 'SafeNet eToken Fusion Bio', U],
];

const crescendo: readonly Row[] = [
  ['692db549-7ae5-44d5-a1e5-dd20a493b723', 'HID Crescendo Key', N],
  ['2d3bec26-15ee-4f5d-88b2-53622490270b', 'HID Crescendo Key V2', N],
  ['7991798a-a7f3-487f-98c0-3faf7a458a04', 'HID Crescendo Key V3', N],
  ['87c13177-85d6-40ac-8c61-fe7ab3de9dfb', 'HID Crescendo Key V3', N],
  ['13ac47cf-1d78-4fd5-9060-aedaabacf826', 'HID Crescendo Key V3', N],
  ['19bca99b-7c09-44fe-a969-8cba45764542', 'HID Crescendo Key V3 FIPS', N],
];

const swissbit: readonly Row[] = [
  ['931327dd-c89b-406c-a81e-ed7058ef36c6', 'Swissbit iShield Key FIDO2', U],
  ['5d629218-d3a5-11ed-afa1-0242ac120002', 'Swissbit iShield Key Pro', N],
  ['7787a482-13e8-4784-8a06-c7ed49a7aaf4', 'Swissbit iShield Key 2', N],
  ['e400ef8c-711d-4692-af46-7f2cf7da23ad', 'Swissbit iShield Key 2', N],
  ['817cdab8-0d51-4de1-a821-e25b88519cf3', 'Swissbit iShield Key 2 FIPS', N],
  ['5eaff75a-dd43-451f-af9f-87c9eeae293e', 'Swissbit iShield Key 2 FIPS', N],
];

const oneSpan: readonly Row[] = [
  ['30b5035e-d297-4ff1-b00b-addc96ba6a98', 'DIGIPASS FX1 Bio', 'usb ble'],
  ['30b5035e-d297-4ff1-010b-addc96ba6a98', 'DIGIPASS FX1a', N],
  ['30b5035e-d297-4ff1-020b-addc96ba6a98', 'DIGIPASS FX1-C', N],
  ['30b5035e-d297-4ff2-010b-addc96ba6a98', 'DIGIPASS FX2-A', 'usb nfc ble'],
  ['30b5035e-d297-4ff7-020b-addc96ba6a98', 'DIGIPASS FX7', U],
  ['30b5035e-d297-4ff7-b00b-addc96ba6a98', 'DIGIPASS FX7', U],
  ['30b5035e-d297-4ff7-010b-addc96ba6a98', 'DIGIPASS FX7-B', U],
  ['30b5035e-d297-4ff7-030b-addc96ba6a98', 'DIGIPASS FX7-C', N],
];

const groups: readonly (readonly [maker: string, rows: readonly Row[]])[] = [
  ['Yubico', yubico],
  ['Feitian', feitian],
  ['Excelsecu', excelsecu],
  ['Thales', thales],
  ['HID Global', crescendo],
  ['Swissbit', swissbit],
  ['OneSpan', oneSpan],
  ['Google', [['42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3', 'Titan Security Key v2', N]]],
  [
    'Token2',
    [
      ['ab32f0c6-2239-afbb-c470-d2ef4e254db7', 'Token2 FIDO2', ''],
      ['eabb46cc-e241-80bf-ae9e-96fa6d2975cf', 'Token2 PIN+', N],
    ],
  ],
  [
    'GoTrust',
    [
      ['3b1adb99-0dfe-46fd-90b8-7f7614a4de2a', 'GoTrust Idem Key', N],
      ['c611b55c-77b2-4527-8082-590e931b2f08', 'GoTrust Idem Key', N],
      ['72a2b5b1-95a5-4df9-a881-4192aff4f72e', 'GoTrust Idem Key mini', U],
      ['6d4aa745-dad5-40c4-b9b4-6a252fcee70f', 'GoTrust Cyber Key', N],
      ['9f0d8150-baa5-4c00-9299-ad62c8bb4e87', 'GoTrust Idem Card', ''],
    ],
  ],
  [
    'AuthenTrend',
    [
      ['e1a96183-5016-4f24-b55b-e3ae23614cc6', 'ATKey.Pro', ''],
      ['e416201b-afeb-41ca-a03d-2281c28322aa', 'ATKey.Pro', U],
      ['ba76a271-6eb6-4171-874d-b6428dbe3437', 'ATKey.ProS', U],
      ['d41f5a69-b817-4144-a13c-9ebd6d9254d6', 'ATKey.Card', ''],
      ['da1fa263-8b25-42b6-a820-c0036f21ba7f', 'ATKey.Card NFC', N],
    ],
  ],
  [
    'TrustKey (eWBM)',
    [
      ['95442b2e-f15e-4def-b270-efb106facb4e', 'eWBM eFA310', ''],
      ['87dbc5a1-4c94-4dc8-8a47-97d800fd1f3c', 'eWBM eFA320', ''],
      ['61250591-b2bc-4456-b719-0b17be90bb30', 'eWBM eFPA', ''],
    ],
  ],
  [
    'Hypersecu',
    [
      ['9f77e279-a6e2-4d58-b700-31e5943c6a98', 'HyperFIDO Pro', U],
      ['6999180d-630c-442d-b8f7-424b90a43fae', 'HyperFIDO Pro', U],
      ['23195a52-62d9-40fa-8ee5-23b173f4fb52', 'HyperFIDO Pro NFC', N],
      ['d821a7d4-e97c-4cb6-bd82-4237731fd4be', 'HyperFIDO Bio', U],
    ],
  ],
  [
    'Kensington',
    [
      ['d94a29d9-52dd-4247-9c2d-8b818b610389', 'VeriMark Guard', ''],
      ['09619fbf-d75e-4a62-be1d-fe4d240864ae', 'VeriMark Guard 2.1', U],
      ['76692dc1-c56a-48d9-8e7d-31b5ced430ac', 'VeriMark NFC+', N],
      ['ee7fa1e0-9539-432f-bd43-9c2fc6d4f311', 'VeriMark NFC+', N],
    ],
  ],
  [
    'NEOWAVE',
    [
      ['3789da91-f943-46bc-95c3-50ea2012f03a', 'NEOWAVE Winkeo FIDO2', U],
      ['2c2aeed8-8174-4159-814b-486e92a261d0', 'NEOWAVE Winkeo 2.0', U],
      ['c5703116-972b-4851-a3e7-ae1259843399', 'NEOWAVE Badgeo FIDO2', N],
      ['a7fc3f84-86a3-4da4-a3d7-eb6485a066d8', 'NEOWAVE Badgeo FIDO2', N],
    ],
  ],
  [
    'IDEMIA',
    [
      ['82b0a720-127a-4788-b56d-d1d4b2d82eac', 'ID-One Key', N],
      ['f2145e86-211e-4931-b874-e22bba7d01cc', 'ID-One Key', N],
    ],
  ],
  [
    'SoloKeys',
    [
      ['8876631b-d4a0-427f-5773-0ec71c9e0279', 'Solo', ''],
      ['8976631b-d4a0-427f-5773-0ec71c9e0279', 'Solo Tap', 'nfc'],
      ['9876631b-d4a0-427f-5773-0ec71c9e0279', 'Somu', ''],
    ],
  ],
  ['Nitrokey', [['2cd2f727-f6ca-44da-8f48-5c2e5da000a2', 'Nitrokey 3', U]]],
  ['Identiv', [['73402251-f2a8-4f03-873e-3cb6db604b03', 'uTrust FIDO2', N]]],
  ['OnlyKey', [['998f358b-2dd2-4cbe-a43a-e8107438dfb3', 'OnlyKey', '']]],
  ['Thetis', [['1f8e43df-71ff-e11d-bea3-c4ee7003b232', 'Thetis Pro', N]]],
  ['RSA', [['7e3f3d30-3557-4442-bdae-139312178b39', 'RSA DS100', U]]],
];

function tabled(maker: string, rows: readonly Row[], source: Provenance): readonly TabledModel[] {
  return rows.map(([aaguid, name, transports]) => ({
    aaguid,
    maker,
    name,
    transports: transports.split(' ').filter((transport) => transport !== ''),
    source,
  }));
}

export const tabledModels: readonly TabledModel[] = [
  ...groups.flatMap(([maker, rows]) => tabled(maker, rows, entraList)),
  ...tabled('CanoKeys', [['244eb29e-e090-4e49-81fe-1f20f8d3b8f4', 'CanoKey', '']], canokeySource),
];
